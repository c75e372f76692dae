using System.Text.Json.Nodes;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hooks;

/// <summary>The preview of a hook's request.</summary>
public sealed class PreviewTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;
    private readonly string _site = Some.Site();

    private string Hooks => $"/sites/{_site}/api/hooks";

    [Fact]
    public async Task A_preview_of_a_past_event_is_the_request_that_its_receiver_got()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        JsonObject hook = Some.Hook(receiver.Url.AbsoluteUri);
        hook["format"] = "slack";
        hook["headers"] = new JsonObject { ["X-Team"] = "secret" };
        await _server.PostAsync(Hooks, hook);
        await _server.PutAsync($"/sites/{_site}/api/deployments/{Some.DeploymentId()}", Some.Report(status: 3));
        Received received = await receiver.NextAsync();

        Reply preview = await _server.PostAsync($"{Hooks}/preview", hook);

        Assert.Equal((200, received.Method, received.Text), (preview.Code, preview["method"], preview["body"]));
        Assert.Equal((receiver.Url.AbsoluteUri, "slack"), (preview["url"], preview["format"]));
        Assert.NotEqual("", preview["event"]);
        Dictionary<string, string> headers = preview.Json.GetProperty("headers").EnumerateArray()
            .ToDictionary(header => header.GetProperty("name").GetString()!, header => header.GetProperty("value").GetString()!);
        Assert.Equal(received.Headers.Keys.Order(StringComparer.OrdinalIgnoreCase), headers.Keys.Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase);
        Assert.Equal(("***", "***", received.Header("Content-Type")), (headers["X-Team"], headers["webhook-signature"], headers["Content-Type"]));
        Assert.Equal(1, receiver.Count);
    }

    [Theory]
    [InlineData("broke", "❌ Broken: deployment of ")]
    [InlineData("fixed", "✅ Fixed: deployment of ")]
    [InlineData("started", "🚀 Deployment of ")]
    [InlineData("success", "✅ Deployment of ")]
    public async Task A_preview_shows_a_sample_and_stores_nothing(string sample, string text)
    {
        Reply preview = await _server.PostAsync($"{Hooks}/preview?sample={sample}", Some.Hook("https://hooks.slack.com/services/T0/B0/x"));

        Assert.Equal((200, ""), (preview.Code, preview["event"]));
        Assert.StartsWith(text + _site, JsonNode.Parse(preview["body"])!["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("[]", (await _server.GetAsync(Hooks)).Text);
        Assert.Equal("[]", (await _server.GetAsync($"/sites/{_site}/api/events")).Text);
    }

    [Fact]
    public async Task Without_an_event_at_the_site_the_preview_is_a_sample_of_the_type()
    {
        JsonObject hook = Some.Hook("https://example.com/");
        hook["event"] = "DeploymentStarted";

        Reply preview = await _server.PostAsync($"{Hooks}/preview", hook);

        Assert.Contains("\"status\":\"building\"", preview["body"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("started", false)]
    [InlineData("success", false)]
    [InlineData("failed", true)]
    public async Task Only_the_sample_of_a_failure_has_log_lines(string sample, bool expected)
    {
        JsonObject hook = Some.Hook("https://example.com/");
        hook["log_lines"] = 5;

        Reply preview = await _server.PostAsync($"{Hooks}/preview?sample={sample}", hook);

        Assert.Equal(expected, preview["body"].Contains("logTail", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_preview_of_a_hook_that_exists_keeps_its_settings_and_shows_no_ping()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        JsonObject hook = Some.Hook(receiver.Url.AbsoluteUri, "*");
        hook["format"] = "gotify";
        string id = (await _server.PostAsync(Hooks, hook))["id"];
        await _server.SendAsync(HttpMethod.Post, $"{Hooks}/publish/own", """{"a":1}""");
        await _server.SendAsync(HttpMethod.Post, $"{Hooks}/{id}/ping", "");
        hook.Remove("format");

        Reply preview = await _server.PostAsync($"{Hooks}/preview", hook);

        Assert.Equal("gotify", preview["format"]);
        Assert.Contains("Event own", preview["body"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_is_found_by_its_id_but_not_at_another_site()
    {
        Reply published = await _server.SendAsync(HttpMethod.Post, $"{Hooks}/publish/own.type", """{"a":1}""", ("Prefer", "respond-async"));
        string id = published.Headers["Nyala-Event-Id"];

        Reply here = await _server.PostAsync($"{Hooks}/preview?event={id}", Some.Hook("https://example.com/"));
        Reply elsewhere = await _server.PostAsync($"/sites/{Some.Site()}/api/hooks/preview?event={id}", Some.Hook("https://example.com/"));

        Assert.Equal((200, """{"a":1}""", id), (here.Code, here["body"], here["event"]));
        Assert.Equal(404, elsewhere.Code);
    }

    [Theory]
    [InlineData("?sample=odd", "https://example.com/", "'sample' must be one of success, failed,")]
    [InlineData("?sample=success&event=1", "https://example.com/", "cannot be used together")]
    [InlineData("?event=abc", "https://example.com/", "'event' must be the id of an event.")]
    [InlineData("", "ftp://example.com/", "The scheme must be http, https, mailto, tel or sms.")]
    public async Task A_preview_that_is_not_possible_is_refused(string query, string url, string reason)
    {
        Reply refused = await _server.PostAsync($"{Hooks}/preview{query}", Some.Hook(url));

        Assert.Equal(400, refused.Code);
        Assert.Contains(reason, refused.Text, StringComparison.Ordinal);
    }
}
