using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Outbound.Templates;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound.Templates;

public sealed class LiquidTemplateTests
{
    private const string Special = "\"\\{}%|\n\r\u0000\u2028<>&'/\ud83d\ude00\ud800";

    private const string Payload = """{"status":"failed","n":3,"price":1.50,"big":123456789012345678901234567890123,"nothing":null,"yes":true,"list":["b","a","c"],"people":[{"name":"Bo","age":9},{"name":"Al","age":10}],"tags":{"env":"live"},"text":"<b>\"A & B\"</b>\n"}""";

    [Theory]
    [InlineData("{{ type }} {{ id }} {{ site }} {{ time }}", "Released 912976469544665088 web 2026-02-27T17:45:06Z")]
    [InlineData("{{ title }}", "🔔 Event Released")]
    [InlineData("{{ payload.status | upcase }} {{ payload['n'] | plus: 1 }} {{ payload.price }} {{ payload.nothing }}{{ payload.missing.more }}", "FAILED 4 1.50 ")]
    [InlineData("{{ payload.big }} {{ payload.big | json }}", "123456789012345678901234567890123 \"123456789012345678901234567890123\"")]
    [InlineData("{% if payload.status == 'failed' and payload.n > 2 %}bad{% elsif payload.yes %}x{% else %}good{% endif %}", "bad")]
    [InlineData("{% unless payload.yes %}x{% else %}y{% endunless %}", "y")]
    [InlineData("{% case payload.status %}{% when 'success' %}1{% when 'failed', 'broken' %}2{% else %}3{% endcase %}", "2")]
    [InlineData("{% for p in payload.people %}{{ forloop.index }}:{{ p.name }}{% unless forloop.last %},{% endunless %}{% endfor %}", "1:Bo,2:Al")]
    [InlineData("{% for i in (1..3) reversed %}{{ i }}{% if i == 2 %}{% break %}{% endif %}{% endfor %}", "32")]
    [InlineData("{% for i in (1..5) offset: 1 limit: 2 %}{{ i }}{% endfor %}", "23")]
    [InlineData("{% for x in payload.none %}x{% else %}empty{% endfor %}", "empty")]
    [InlineData("{% assign x = payload.list | sort | join: '-' %}{{ x }} {{ payload.list | first }} {{ payload.list.size }}", "a-b-c b 3")]
    [InlineData("{{ payload.people | sort: 'age' | map: 'name' | join }} {{ payload.people | where: 'name', 'Al' | map: 'age' }}", "Bo Al 10")]
    [InlineData("{% if payload.list contains 'a' %}1{% endif %}{% if payload.text contains 'A &' %}2{% endif %}{% if payload.tags contains 'env' %}3{% endif %}", "123")]
    [InlineData("{% if payload.list == payload.list %}same{% else %}never equal{% endif %}", "never equal")]
    [InlineData("{% if payload.nothing == nil and payload.list != empty %}1{% endif %}", "1")]
    [InlineData("{% capture x %}{{ payload.n }}!{% endcapture %}{{ x | append: '?' }}", "3!?")]
    [InlineData("{{ 'a-b-a' | replace: 'a', 'x' }} {{ 'a-b-a' | replace_first: 'a', 'x' }} {{ 'a-b-a' | replace_last: 'a', 'x' }} {{ 'a-b-a' | remove: 'a' }} {{ 'abab' | remove_first: 'ab' }} {{ 'xabab' | remove_last: 'ab' }}", "x-b-x x-b-a a-b-x -b- ab xab")]
    [InlineData("{{ 'a,b,,c' | split: ',' | json }} {{ '😀x' | split: '' | json }}", """["a","b","c"] ["\uD83D\uDE00","x"]""")]
    [InlineData("{{ payload.tags | json }} {{ payload.people[0] | json }} {{ payload.yes | json }} {{ payload.nothing | json }} {{ payload.price | json }}", """{"env":"live"} {"name":"Bo","age":9} true null 1.50""")]
    [InlineData("{{ time | date: '%d.%m.%Y %H:%M' }} {{ 'now' | date: '%F %T' }} {{ 0 | date: '%Y' }} {{ time | date }} {{ 'soon' | date: '%Y' }}", "27.02.2026 17:45 2026-02-27 17:45:06 1970 2026-02-27T17:45:06Z soon")]
    [InlineData("{{ '2026-02-27T17:45:06.1234567+02:00' | date: '%T %z' }} {{ '12:30' | date: '%F' }}", "15:45:06 +0000 12:30")]
    [InlineData("{%- comment -%} x {%- endcomment -%}{%- raw -%}{{ x }}{%- endraw -%}{% echo 'y' %}", "{{ x }}y")]
    [InlineData("{{ payload.missing | default: 'none' }} {{ 7 | divided_by: 2.0 }} {{ 'x y' | url_encode }}", "none 3.5 x+y")]
    public void A_template_renders(string template, string expected) => Assert.Equal(expected, Templates.Text(template, Payload));

    [Theory]
    [InlineData("application/json", null, """<b>\"A & B\"</b>\n""")]
    [InlineData("application/vnd.x+json; charset=utf-8", null, """<b>\"A & B\"</b>\n""")]
    [InlineData("text/html", null, "&lt;b&gt;&quot;A &amp; B&quot;&lt;/b&gt;&#xA;")]
    [InlineData("application/x-www-form-urlencoded", null, "%3Cb%3E%22A%20%26%20B%22%3C%2Fb%3E%0A")]
    [InlineData("text/plain", null, "<b>\"A & B\"</b>\n")]
    [InlineData("text/plain", "json", """<b>\"A & B\"</b>\n""")]
    public void Values_are_escaped_for_the_content_type(string contentType, string? escape, string expected)
    {
        // The same text by every way that a value can take.
        foreach (string way in (string[])["{{ payload.text }}", "{{ payload.texts }}", "{% capture x %}{{ payload.text }}{% endcapture %}{{ x }}", "{% assign x = payload.text %}{% echo x %}", "{% for t in payload.texts %}{{ t }}{% endfor %}", "{{ '' | raw | append: payload.text }}", "{{ payload.texts | join: '' }}", "{{ payload[payload.key] }}"])
        {
            JsonObject payload = JsonNode.Parse(Payload)!.AsObject();
            payload["texts"] = new JsonArray(payload["text"]!.DeepClone());
            payload["key"] = "text";
            bool isJson = contentType.Contains("json", StringComparison.Ordinal);
            string quote = isJson ? "\"" : "";

            Assert.Equal(quote + expected + quote, Templates.Text(quote + way + quote, payload.ToJsonString(), contentType, escape));
        }
    }

    [Fact]
    public void The_json_filter_is_escaped_in_HTML_and_raw_is_not()
    {
        Assert.Equal("&quot;&lt;b&gt;\\&quot;A &amp; B\\&quot;&lt;/b&gt;\\n&quot;", Templates.Text("{{ payload.text | json }}", Payload, "text/html"));
        Assert.Equal("<b>\"A & B\"</b>\n", Templates.Text("{{ payload.text | raw }}", Payload, "text/html"));
        Assert.Equal("&lt;b&gt;&quot;A &amp; B&quot;&lt;/b&gt;&#xA;x", Templates.Text("{{ payload.text | raw | append: 'x' }}", Payload, "text/html"));
    }

    [Fact]
    public void Any_text_in_an_event_keeps_a_JSON_template_valid_and_arrives_unchanged()
    {
        const string Template = """{"a":"{{ payload.x }}","b":{{ payload.x | json }},"c":"{% capture c %}{{ payload.x }}{% endcapture %}{{ c }}","d":{{ payload | json }},"e":"{% for l in log %}{{ l }}{% endfor %}"}""";
        Gen.String[Gen.OneOf(Gen.Char, Gen.Char[Special]), 0, 30].Sample(
            text =>
            {
                string payload = new JsonObject { ["x"] = text }.ToJsonString();
                string expected = JsonNode.Parse(payload)!["x"]!.GetValue<string>();
                JsonNode body = JsonNode.Parse(Templates.Text(Template, payload, "application/json", log: [expected]))!;
                Assert.Equal([expected, expected, expected, expected, expected], [.. "abce".Select(name => body[name.ToString()]!.GetValue<string>()), body["d"]!["x"]!.GetValue<string>()]);
            },
            iter: Fuzz.Cases);
    }

    [Theory]
    [InlineData("{{ payload.list", "line 1, column")]
    [InlineData("a\n{% if x %}b", "'{% endif %}' was expected.")]
    public void A_template_that_is_not_valid_renders_nothing(string template, string reason) => Assert.Contains(reason, Templates.Text(template), StringComparison.Ordinal);

    [Fact]
    public void Errors_name_the_line_and_the_column()
    {
        string[] wrong =
        [
            "{{ a", "Hello {{ a b }}", "{\n  \"x\": {{ }}\n}", "{% if a %}x", "x\n{% endif %}", "{% else %}", "a\n {% foo %}", "{% if a %}\n{% bogus %}{% endif %}", "{% if a == %}x{% endif %}",
            "{{ a | }}", "{{ a | upcase: }}", "ok {{ b | upcase }}\n{{ a | shout: 1 }}", "{{ (a) }}", "{{ a(1) }}", "{% assign = 3 %}", "{% for i on a %}{% endfor %}", "{% raw %}{{", "{% comment %}",
            "{% include 'x' %}", "{% render 'x' %}", "{% cycle 'a' %}", "{% tablerow i in a %}{% endtablerow %}", "{% increment x %}", "{% liquid\nassign x = 1\n%}", "{% for i in a offset: continue %}{% endfor %}",
            "{% for i in (1..3) %}", "{{ a | time_zone: 'Asia/Tokyo' }}", "{{ 'x }}",
            string.Concat(Enumerable.Repeat("{% if a %}", 100)), "{{ " + string.Concat(Enumerable.Repeat("a[", 100)) + " }}", "{{ " + string.Concat(Enumerable.Repeat("(", 100)) + " }}",
            "{{ a" + string.Concat(Enumerable.Repeat("|upcase", 200)) + " }}", "{% if a" + string.Concat(Enumerable.Repeat(" or a", 200)) + " %}{% endif %}",
        ];

        Approved.Text(string.Join('\n', wrong.Select(text => $"{(text.Length > 60 ? text[..60] + "…" : text).Replace("\n", "\\n", StringComparison.Ordinal)}\n    {Error(text)}")));
    }

    [Fact]
    public void The_page_about_templates_names_every_tag_and_filter_and_its_example_is_true()
    {
        string page = File.ReadAllText(Repository.File("docs/integrations/template.md"));
        string[] code = [.. page.Split("```").Where((_, index) => index % 2 == 1)];
        string template = code.Single(block => block.StartsWith("liquid\n", StringComparison.Ordinal))["liquid\n".Length..];
        EventContent broken = TemplateSamples.Of("PostDeployment").Last();

        Rendered rendered = new TemplateFormat().Render(broken, new FormatSettings(new Dictionary<string, string> { ["body"] = template }));

        Assert.Equal(code.First(block => block.StartsWith("json\n", StringComparison.Ordinal))["json\n".Length..], Encoding.UTF8.GetString(rendered.Body.Span));
        Assert.All(LimitedParser.Tags.Concat(TemplateFilters.Names), name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
        Assert.Contains(RenderBudget.MaxSteps.ToString("N0", CultureInfo.InvariantCulture) + " steps", page, StringComparison.Ordinal);
        Assert.Contains(RenderBudget.MaxText.ToString("N0", CultureInfo.InvariantCulture) + " characters", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_deepest_template_that_is_accepted_renders_on_a_small_stack()
    {
        const int Levels = LimitedParser.MaxDepth - 2;
        string blocks = string.Concat(Enumerable.Repeat("{% if a %}", Levels)) + "x" + string.Concat(Enumerable.Repeat("{% endif %}", Levels));
        string chain = "{{ 'x'" + string.Concat(Enumerable.Repeat(" | append: 'y'", 100)) + " }}";
        string indexes = "{{ " + string.Concat(Enumerable.Repeat("a[", Levels)) + "1" + new string(']', Levels) + " }}";
        string? rendered = null;

        var thread = new Thread(() => rendered = Templates.Text(blocks + chain + indexes), 512 * 1024);
        thread.Start();
        thread.Join();

        Assert.Equal("x" + new string('y', 100), rendered);
    }

    private static string Error(string text) => LiquidTemplate.Parse(text, Escaping.Names[0], out TemplateError? error) is null ? error!.In("body") : "accepted";
}
