using System.Text;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Tests.Outbound.Templates;

/// <summary>Templates that try to do too much. Each one ends with a reason, after an amount of work that does not depend on the machine.</summary>
public sealed class TemplateLimitTests
{
    private const string Steps = "The template cannot render this event: it takes more than 250,000 steps.";
    private const string Output = "The template cannot render this event: it makes a text of more than 262,144 characters.";
    private const string Text = "The template cannot render this event: it makes a text of more than 1,048,576 characters.";
    private const string Date = "The template cannot render this event: it uses 'date' with a format of more than 256 characters, or with a width of more than two digits.";
    private const string Twice = "{% assign x = x | append: x %}";

    public static TheoryData<string, string> Hostile() => new()
    {
        { "{% for i in (1..1000000000) %}{% endfor %}", Steps },
        { "{% assign r = '99999999999999999999' %}{% for i in (0..r) %}{% endfor %}", Steps },
        { "{% assign r = '1000000000' %}{% for i in (1..r) %}x{% endfor %}", Steps },
        { Loops(6, "{% assign y = 1 %}"), Steps },
        { Loops(9, "{% comment %}{% endcomment %}"), Steps },
        { Loops(9, ""), Steps },
        { Loops(9, "{% if 1 == 2 %}x{% endif %}"), Steps },
        { Loops(9, "{% continue %}"), Steps },
        { Loops(9, new string('x', 64)), Output },
        { "{% assign x = 'xxxxxxxxxxxxxxxxxxxx' %}" + Repeat(40, Twice), Text },
        { "{% assign x = 'xx' %}{% for i in (1..40) %}" + Twice + "{% endfor %}", Steps },
        { "{% assign x = 'aaaaaaaaaaaaaaaa' %}" + Repeat(12, Twice) + "{{ x | replace: 'a', x }}", Text },
        { "{% assign x = 'aaaaaaaaaaaaaaaa' %}" + Repeat(14, Twice) + "{% for i in (1..100000) %}{% if x contains x %}{% endif %}{% endfor %}", Steps },
        { "{% assign x = 'aaaaaaaaaaaaaaaa' %}" + Repeat(14, Twice) + "{% assign n = x | append: 'b' | append: x %}{% assign h = x | append: x | append: x %}{{ h | split: n }}{{ h | replace: n, '' | size }}", Steps },
        { "{% assign x = 'xxxxxxxxxxxxxxxx' %}" + Repeat(14, Twice) + "{% for i in (1..100000) %}{% assign y = x | upcase %}{% endfor %}", Steps },
        { "{% assign x = 'xxxxxxxxxxxxxxxx' %}" + Repeat(14, Twice) + "{% for i in (1..100000) %}{% case x %}{% when 'a', 'b' %}{% endcase %}{% endfor %}", Steps },
        { "{% assign x = 'xxxxxxxxxxxxxxxx' %}" + Repeat(14, Twice) + "{% for i in (1..100000) %}{% capture y %}{{ x }}{% endcapture %}{% endfor %}", Steps },
        { "{% capture y %}{% for i in (1..100000) %}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{% endfor %}{% endcapture %}", Text },
        { "{% assign x = '<<<<<<<<<<<<<<<<' %}" + Repeat(15, Twice) + "{{ x | escape }}", Text },
        { "{% assign x = 'xxxxxxxxxxxxxxxx' %}" + Repeat(15, Twice) + "{% assign l = x | split: '' %}{% assign l = l | concat: l %}{% assign l = l | concat: l %}", Steps },
        { "{% assign x = 'a,' %}" + Repeat(14, Twice) + "{% assign l = x | split: ',' %}{% for i in l %}{% for j in l %}{% endfor %}{% endfor %}", Steps },
        { "{% assign x = 'a,' %}" + Repeat(15, Twice) + "{% assign l = x | split: ',' %}{{ l | sort | size }}{{ l | sort_natural | size }}", Steps },
        { "{% assign x = 'a,' %}" + Repeat(10, Twice) + "{% assign l = x | split: ',' %}{{ l | join: x }}", Text },
        { "{% assign x = 'a,' %}" + Repeat(12, Twice) + "{% assign l = x | split: ',' %}{% for i in (1..1000) %}{{ l }}{% endfor %}", Steps },
        { "{% assign x = 'a,' %}" + Repeat(13, Twice) + "{% assign l = x | split: ',' %}{% for i in (1..100000) %}{% if l contains 'b' %}{% endif %}{% endfor %}", Steps },
        { "{% for i in (1..100000) %}{{ payload | json | size }}{% endfor %}", Steps },
        { "{% for i in (1..100000) %}{% assign x = payload.list | uniq | where: 'a', payload.list %}{% endfor %}", Steps },
        { "{{ 'now' | date: '%999999999Y' }}", Date },
        { "{{ 'now' | date: '%-^_100000000d' }}", Date },
        { "{% assign x = '%c%c%c%c%c%c%c%c' %}" + Repeat(8, Twice) + "{{ 'now' | date: x }}", Date },
        { "{{ 1 | divided_by: 0 }}", "The template cannot render this event: a value cannot be used as it is: " },
        { "{{ 79228162514264337593543950335 | times: 2 }}", "The template cannot render this event: a value cannot be used as it is: " },
        { "{{ 'x' | slice: 99999999999 }}", "The template cannot render this event: a value cannot be used as it is: " },
        { "{{ payload.list[99999999999] }}", "The template cannot render this event: a value cannot be used as it is: " },
        { "{{ 'x' | truncate: 99999999999 }}", "The template cannot render this event: a value cannot be used as it is: " },
        { "{% for i in (1..3) limit: 99999999999 %}{% endfor %}", "The template cannot render this event: a value cannot be used as it is: " },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_template_that_does_too_much_is_stopped(string template, string reason)
    {
        string payload = $$"""{"list":[{{string.Join(',', Enumerable.Range(0, 2000))}}],"deep":{{new string('[', 60)}}{{new string(']', 60)}}}""";

        Rendered rendered = Templates.Render(template, payload, "text/plain");

        Assert.StartsWith(reason, rendered.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_event_is_within_the_limits()
    {
        string payload = $$"""{"items":[{{string.Join(',', Enumerable.Range(0, 2000).Select(i => $$"""{"name":"item {{i}}","text":"{{new string('x', 40)}}"}"""))}}],"big":"{{new string('y', 900_000)}}"}""";

        Assert.Equal(100_000, Templates.Text("{{ payload.big | upcase | truncate: 100000, '' }}", payload).Length);
        Assert.StartsWith("item 0: ", Templates.Text("{% for i in payload.items %}{{ i.name }}: {{ i.text }}\n{% endfor %}", payload), StringComparison.Ordinal);
    }

    [Fact]
    public void The_limit_of_the_body_is_in_bytes()
    {
        Assert.Equal("The template cannot render this event: the body has more than 262,144 bytes.", Templates.Text("{{ payload.x }}", $$"""{"x":"{{new string('ä', 140_000)}}"}"""));
        Assert.Equal(262_144, Encoding.UTF8.GetByteCount(Templates.Text("{{ payload.x }}", $$"""{"x":"{{new string('x', 262_144)}}"}""")));
    }

    private static string Loops(int depth, string body) => Repeat(depth, "{% for i in (1..100) %}") + body + Repeat(depth, "{% endfor %}");

    private static string Repeat(int count, string text) => string.Concat(Enumerable.Repeat(text, count));
}
