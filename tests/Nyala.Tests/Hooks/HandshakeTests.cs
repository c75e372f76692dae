using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hooks;

/// <summary>The handshake before a receiver of CloudEvents gets events.</summary>
public sealed class HandshakeTests(SharedServer shared)
{
    private static readonly string Origin = Environment.MachineName;

    private readonly TestServer _server = shared.Server;
    private readonly string _site = Some.Site();

    private string Hooks => $"/sites/{_site}/api/hooks";

    private static JsonObject Hook(Receiver receiver) => new() { ["url"] = receiver.Url.AbsoluteUri, ["event"] = "PostDeployment", ["format"] = "cloudevents" };

    private static Answer Allow(string origin, string? rate = null) =>
        new(200, "", rate is null ? [("WebHook-Allowed-Origin", origin)] : [("WebHook-Allowed-Origin", origin), ("WebHook-Allowed-Rate", rate)]);

    [Fact]
    public async Task A_receiver_is_asked_before_the_hook_is_stored_and_gets_events_if_it_allows_them()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.AnswerNext(Allow("*"));
        JsonObject hook = Hook(receiver);
        (hook["rate"], hook["headers"]) = (120, new JsonObject { ["Authorization"] = "Bearer 1" });

        Reply created = await _server.PostAsync(Hooks, hook);
        await _server.PutAsync($"/sites/{_site}/api/deployments/{Some.DeploymentId()}", Some.Report());

        Received asked = await receiver.NextAsync();
        Received attempt = await receiver.NextAsync();
        Assert.Equal((201, "120"), (created.Code, created["rate"]));
        Assert.Equal(("OPTIONS", Origin, "120", "Bearer 1", 0), (asked.Method, asked.Header("WebHook-Request-Origin"), asked.Header("WebHook-Request-Rate"), asked.Header("Authorization"), asked.Body.Length));
        Assert.Equal(("POST", Origin, null), (attempt.Method, attempt.Header("WebHook-Request-Origin"), attempt.Header("WebHook-Request-Rate")));
        Assert.Equal("application/cloudevents+json; charset=utf-8", attempt.Header("Content-Type"));
        Assert.Equal($"/sites/{_site}", attempt["source"]);
        Assert.Equal(_site, attempt.Json.GetProperty("data").GetProperty("siteName").GetString());
    }

    [Theory]
    [InlineData(null, "30", "30")]
    [InlineData(120, "30", "30")]
    [InlineData(20, "30", "20")]
    [InlineData(20, "*", "20")]
    [InlineData(20, "0", "20")]
    [InlineData(null, "0", "")]
    [InlineData(null, "soon", "")]
    [InlineData(null, null, "")]
    [InlineData(null, "99999999999", "")]
    public async Task The_hook_has_the_smaller_of_the_rate_that_was_asked_for_and_the_one_that_the_receiver_allows(int? wanted, string? allowed, string expected)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.AnswerNext(Allow(Origin.ToUpperInvariant(), allowed));
        JsonObject hook = Hook(receiver);
        hook["rate"] = wanted;

        string id = (await _server.PostAsync(Hooks, hook))["id"];

        Assert.Equal(expected, (await _server.GetAsync($"{Hooks}/{id}")).Json.TryGetProperty("rate", out JsonElement rate) ? rate.ToString() : "");
    }

    [Theory]
    [InlineData(200, null, "The receiver responded with 200 OK. The response has no WebHook-Allowed-Origin")]
    [InlineData(405, null, "The receiver responded with 405 Method Not Allowed.")]
    [InlineData(200, "elsewhere.example", "Its WebHook-Allowed-Origin does not allow events from")]
    [InlineData(200, "**", "Its WebHook-Allowed-Origin does not allow events from")]
    public async Task A_receiver_that_does_not_allow_events_is_not_subscribed(int status, string? allowed, string reason)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.AnswerNext(new Answer(status, "", allowed is null ? [] : [("WebHook-Allowed-Origin", allowed)]));

        Reply refused = await _server.PostAsync(Hooks, Hook(receiver));

        Assert.Equal(400, refused.Code);
        string error = refused.Json.GetProperty("errors").GetProperty("url")[0].GetString()!;
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Contains("set handshake to none", error, StringComparison.Ordinal);
        Assert.Equal("[]", (await _server.GetAsync(Hooks)).Text);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using Receiver other = await Receiver.StartAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.AnswerNext(new Answer(307, "", ("Location", other.Url.AbsoluteUri)));

        Assert.Equal(400, (await _server.PostAsync(Hooks, Hook(receiver))).Code);
        Assert.Equal((1, 0), (receiver.Count, other.Count));
    }

    [Fact]
    public async Task A_receiver_that_cannot_be_reached_is_not_subscribed()
    {
        JsonObject hook = Some.Hook("http://127.0.0.1:1/");
        hook["format"] = "cloudevents";

        Reply refused = await _server.PostAsync(Hooks, hook);

        Assert.StartsWith("The receiver cannot be asked: The connection was refused.", refused.Json.GetProperty("errors").GetProperty("url")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hook_without_a_handshake_and_one_that_exists_are_not_asked_for()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        JsonObject hook = Hook(receiver);
        hook["format_settings"] = new JsonObject { ["handshake"] = "none" };
        string id = (await _server.PostAsync(Hooks, hook))["id"];
        await _server.PostAsync($"{Hooks}/preview", hook);
        Assert.Equal(0, receiver.Count);

        // The setting asks for a handshake from now on, and the permission is kept.
        receiver.AnswerNext(Allow("*", "7"));
        Reply changed = await _server.SendAsync(HttpMethod.Patch, $"{Hooks}/{id}", """{"format_settings":{"handshake":"required"}}""");
        Reply again = await _server.PostAsync(Hooks, Hook(receiver));
        Reply described = await _server.SendAsync(HttpMethod.Patch, $"{Hooks}/{id}", """{"description":"x"}""");

        Assert.Equal(("7", 201, 200, 1), (changed["rate"], again.Code, described.Code, receiver.Count));
    }

    [Fact]
    public async Task A_change_to_the_format_needs_permission()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string id = (await _server.PostAsync(Hooks, Some.Hook(receiver.Url.AbsoluteUri)))["id"];

        Reply refused = await _server.SendAsync(HttpMethod.Patch, $"{Hooks}/{id}", """{"format":"cloudevents"}""");

        Assert.Contains("does not allow events", refused.Json.GetProperty("errors").GetProperty("format")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("kudu", (await _server.GetAsync($"{Hooks}/{id}"))["format"]);
    }

    [Fact]
    public async Task A_hook_that_its_receiver_ended_is_asked_for_again()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.AnswerNext(Allow("*"), new Answer(410));
        string id = (await _server.PostAsync(Hooks, Hook(receiver)))["id"];
        await _server.SendAsync(HttpMethod.Post, $"{Hooks}/{id}/ping", "");

        Reply refused = await _server.PostAsync(Hooks, Hook(receiver));
        receiver.AnswerNext(Allow("*"));
        Reply restored = await _server.PostAsync(Hooks, Hook(receiver));

        Assert.Equal((400, 201, id), (refused.Code, restored.Code, restored["id"]));
    }
}
