using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hooks;

/// <summary>The template of a hook: how it is set, refused and read.</summary>
public sealed class HookTemplateTests(SharedServer shared)
{
    private const string Full = """{"body":"{\"text\": {{ title | json }}}","content_type":"application/json","method":"put","headers":{"X-Status":"{{ payload.status }}"},"escape":"JSON"}""";
    private const string Shown = """{"body":"{\"text\": {{ title | json }}}","content_type":"application/json","method":"PUT","headers":{"X-Status":"{{ payload.status }}"},"escape":"json"}""";

    private readonly TestServer _server = shared.Server;
    private readonly string _hooks = $"/sites/{Some.Site()}/api/hooks";

    [Fact]
    public async Task A_template_implies_its_format_and_reads_show_it()
    {
        Reply added = await _server.PostAsync(_hooks, WithTemplate(Full));

        Reply read = await _server.GetAsync($"{_hooks}/{added["id"]}");
        Assert.Equal((201, "template", ""), (added.Code, read["format"], read["format_settings"]));
        Assert.Equal(Shown, JsonSerializer.Serialize(read.Json.GetProperty("template"), Relaxed));
    }

    [Fact]
    public async Task A_template_can_be_set_on_a_hook_and_another_format_removes_it()
    {
        JsonObject hook = Some.Hook();
        string id = (await _server.PostAsync(_hooks, hook))["id"];

        Reply set = await PatchAsync(id, $$"""{"template":{{Full}}}""");
        Reply kept = await PatchAsync(id, """{"description":"x"}""");
        Reply again = await _server.PostAsync(_hooks, hook);
        Reply replaced = await PatchAsync(id, """{"format":"template","template":{"body":"1"}}""");
        Reply removed = await PatchAsync(id, """{"format":"kudu","template":null}""");
        Reply none = await PatchAsync(id, """{"template":null}""");

        Assert.Equal([200, 200, 201, 200, 200, 200], [set.Code, kept.Code, again.Code, replaced.Code, removed.Code, none.Code]);
        Assert.Equal((set["template"], set["template"], """{"body":"1"}"""), (kept["template"], again["template"], replaced["template"]));
        Assert.Equal(("kudu", "", ""), (removed["format"], removed["template"], none["template"]));
    }

    [Fact]
    public async Task Refused_templates_return_the_approved_errors()
    {
        string id = (await _server.PostAsync(_hooks, WithTemplate(Full)))["id"];
        string[] templates =
        [
            "\"text\"", "{}", "{\"body\":5}", "{\"body\":\"\"}", "{\"body\":\"x\",\"sort\":1}", "{\"body\":\"{{ a\"}", "{\"body\":\"{\\n  \\\"a\\\": {{ title | shout }}\\n}\"}",
            "{\"body\":\"{\\\"a\\\": {{ payload.message }}}\"}", "{\"body\":\"{\\\"a\\\": {% if payload.status == 'failed' %}oops{% else %}1{% endif %}}\"}",
            "{\"body\":\"{% for i in (1..1000000000) %}{% endfor %}\"}", $"{{\"body\":\"{new string('x', 65_537)}\"}}",
            "{\"body\":\"1\",\"method\":\"GET\"}", "{\"body\":\"1\",\"method\":\"DELETE\"}", "{\"body\":\"1\",\"escape\":\"xml\"}",
            "{\"body\":\"1\",\"content_type\":\"json\"}", "{\"body\":\"1\",\"content_type\":\"text/plain\\r\\nX: y\"}", "{\"body\":\"1\",\"content_type\":\"text/plain; charset=utf-16\"}",
            "{\"body\":\"1\",\"headers\":[]}", "{\"body\":\"1\",\"headers\":{\"X-A\":1}}", "{\"body\":\"1\",\"headers\":{\"X A\":\"1\"}}", "{\"body\":\"1\",\"headers\":{\"X-A\":\"1\",\"x-a\":\"2\"}}",
            "{\"body\":\"1\",\"headers\":{\"Content-Type\":\"1\"}}", "{\"body\":\"1\",\"headers\":{\"authorization\":\"Bearer x\"}}", "{\"body\":\"1\",\"headers\":{\"webhook-id\":\"1\"}}",
            "{\"body\":\"1\",\"headers\":{\"X-A\":\"{{ a\"}}",
        ];
        var text = new StringBuilder();
        foreach (string template in templates)
        {
            await NoteAsync($$"""{"template":{{template}}}""");
        }

        foreach (string change in (string[])["""{"template":null}""", """{"format":"slack","template":{"body":"1"}}""", """{"template":{"body":"1"},"format_settings":{"a":"b"}}""", """{"format_settings":{"body":"1"}}""", """{"format_settings":null}"""])
        {
            await NoteAsync(change);
        }

        JsonObject hook = Some.Hook();
        hook["format"] = "template";
        text.Append("POST format without a template\n    ").Append((await _server.PostAsync(_hooks, hook)).Reason).Append('\n');
        Assert.Equal(Shown, JsonSerializer.Serialize((await _server.GetAsync($"{_hooks}/{id}")).Json.GetProperty("template"), Relaxed));
        Approved.Text(text.ToString());

        async Task NoteAsync(string change)
        {
            Reply refused = await PatchAsync(id, change);
            Assert.Equal(400, refused.Code);
            text.Append(change.Length > 120 ? change[..120] + "…" : change).Append("\n    ").Append(refused.Reason).Append('\n');
        }
    }

    [Fact]
    public async Task A_template_for_events_of_other_types_is_not_tried_with_a_sample()
    {
        JsonObject hook = WithTemplate("""{"body":"{{ payload.count }}"}""");
        hook["event"] = Some.EventType();

        Assert.Equal(201, (await _server.PostAsync(_hooks, hook)).Code);
    }

    [Fact]
    public async Task A_preview_shows_the_request_of_a_template_or_why_there_is_none()
    {
        JsonObject hook = WithTemplate(Full);
        Reply preview = await _server.PostAsync($"{_hooks}/preview?sample=broke", hook);
        JsonObject only = WithTemplate("""{"body":"{% if payload.change == 'fixed' %}x{% else %}1{% endif %}"}""");
        Reply refused = await _server.PostAsync($"{_hooks}/preview?sample=fixed", only);

        Assert.Equal((200, "PUT", "template"), (preview.Code, preview["method"], preview["format"]));
        Assert.StartsWith("{\"text\": \"\\u274C Broken: deployment of ", preview["body"].Replace("❌", "\\u274C", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("""{"name":"X-Status","value":"failed"}""", preview.Text, StringComparison.Ordinal);
        Assert.Equal(400, refused.Code);
        Assert.StartsWith("The template cannot render this event: the body is not valid JSON at line 1, byte 1: ", refused.Reason, StringComparison.Ordinal);
    }

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonObject WithTemplate(string template)
    {
        JsonObject hook = Some.Hook();
        hook["template"] = JsonNode.Parse(template);
        return hook;
    }

    private Task<Reply> PatchAsync(string id, string change) => _server.SendAsync(HttpMethod.Patch, $"{_hooks}/{id}", change);
}
