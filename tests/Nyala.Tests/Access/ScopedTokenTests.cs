using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Nyala.Server.Access;
using Nyala.Tests.Support;

namespace Nyala.Tests.Access;

/// <summary>Tokens that are limited by scope, by site and by an expiry.</summary>
public sealed class ScopedTokenTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public void Every_endpoint_declares_a_scope_or_allows_anonymous_callers()
    {
        RouteEndpoint[] endpoints = [.. _server.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

        Assert.True(endpoints.Length > 80);

        // Health, the proof that a client requests before it sends its token, and the scripts of the API reference, which are the same on every server.
        Assert.Equal(["/docs/favicon.svg", "/docs/scalar.aspnetcore.js", "/docs/scalar.js", "/healthz", "/healthz/holder", "/healthz/live", "/healthz/ready"], endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(endpoint => endpoint.RoutePattern.RawText!).Order());
        Assert.Empty(endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<ScopeRequirement>() is null && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .Select(endpoint => endpoint.DisplayName));
    }

    [Theory]
    [InlineData("read", "GET", "/api/hooks", 200)]
    [InlineData("read", "GET", "/api/deployments", 200)]
    [InlineData("read", "GET", "/openapi/v1.json", 200)]
    [InlineData("read", "GET", "/openapi/connector.json", 200)]
    [InlineData("read", "GET", "/metrics", 200)]
    [InlineData("read", "POST", "/api/hooks", 403)]
    [InlineData("read", "DELETE", "/api/hooks/1", 403)]
    [InlineData("read", "DELETE", "/api/hooks?url=x", 403)]
    [InlineData("read", "POST", "/api/hooks/1/ping", 403)]
    [InlineData("read", "POST", "/api/hooks/publish/Nothing", 403)]
    [InlineData("read", "POST", "/api/hooks/publish", 403)]
    [InlineData("read", "PUT", "/api/deployments/x", 403)]
    [InlineData("read", "DELETE", "/api/deployments/x", 403)]
    [InlineData("read", "POST", "/api/deployments/x/log", 403)]
    [InlineData("read", "POST", "/api/zipdeploy", 403)]
    [InlineData("read", "GET", "/shop.git/info/refs", 403)]
    [InlineData("read", "GET", "/api/deliveries", 200)]
    [InlineData("read", "GET", "/api/events", 200)]
    [InlineData("read", "POST", "/api/deliveries/1/redeliver", 403)]
    [InlineData("read", "POST", "/api/hooks/1/redeliver", 403)]
    [InlineData("read", "DELETE", "/api/redeliveries/1", 403)]
    [InlineData("read", "GET", "/api/sites", 200)]
    [InlineData("read", "GET", "/api/sites/default", 200)]
    [InlineData("read", "GET", "/api/settings", 403)]
    [InlineData("read", "GET", "/api/settings/A", 403)]
    [InlineData("hooks", "POST", "/api/settings", 403)]
    [InlineData("hooks", "DELETE", "/api/settings/A", 403)]
    [InlineData("deploy", "GET", "/api/settings", 200)]
    [InlineData("deploy", "DELETE", "/api/settings/A", 204)]
    [InlineData("deploy", "POST", "/api/sites", 403)]
    [InlineData("deploy", "PATCH", "/api/sites/default", 403)]
    [InlineData("hooks", "DELETE", "/api/sites/default", 403)]
    [InlineData("admin", "DELETE", "/api/sites/default", 409)]
    [InlineData("read", "GET", "/api/tokens", 403)]
    [InlineData("read", "GET", "/api/audit", 403)]
    [InlineData("read", "PATCH", "/api/hooks", 405)]
    [InlineData("read", "GET", "/nothing", 404)]
    [InlineData("deploy", "GET", "/api/hooks", 200)]
    [InlineData("deploy", "POST", "/api/hooks", 403)]
    [InlineData("deploy", "POST", "/api/hooks/publish/Nothing", 400)]
    [InlineData("deploy", "POST", "/api/hooks/publish", 400)]
    [InlineData("deploy", "PUT", "/api/deployments/x", 404)]
    [InlineData("deploy", "DELETE", "/api/deployments/x", 404)]
    [InlineData("deploy", "POST", "/api/tokens", 403)]
    [InlineData("hooks", "POST", "/api/hooks", 400)]
    [InlineData("hooks", "DELETE", "/api/hooks/1", 200)]
    [InlineData("hooks", "POST", "/api/hooks/publish/Nothing", 400)]
    [InlineData("hooks", "POST", "/api/hooks/publish", 400)]
    [InlineData("hooks", "PUT", "/api/deployments/x", 403)]
    [InlineData("deploy", "POST", "/api/deliveries/1/redeliver", 403)]
    [InlineData("hooks", "POST", "/api/deliveries/1/redeliver", 404)]
    [InlineData("hooks", "DELETE", "/api/redeliveries/1", 404)]
    [InlineData("hooks", "DELETE", "/api/tokens/1", 403)]
    [InlineData("admin", "GET", "/api/tokens", 200)]
    [InlineData("admin", "PUT", "/api/deployments/x", 404)]
    [InlineData("admin", "DELETE", "/api/tokens/1", 404)]
    public async Task A_token_may_do_what_its_scope_covers_and_gets_403_otherwise(string scope, string method, string path, int status)
    {
        Reply reply = await SendWithTokenAsync(await TokenAsync(scope), method, path);

        Assert.Equal(status, reply.Code);
        if (status == 403)
        {
            bool git = path.Contains(".git", StringComparison.Ordinal);
            Assert.Equal(git ? "text/plain; charset=utf-8" : "application/problem+json", reply.ContentType);
            Assert.Contains("This request needs the scope ", git ? reply.Text : reply.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET", "/sites/{0}/api/hooks", 200)]
    [InlineData("GET", "/sites/{0}/deployments", 200)]
    [InlineData("GET", "/sites/{0}/api/deliveries", 200)]
    [InlineData("DELETE", "/sites/{0}/api/hooks/1", 200)]
    [InlineData("POST", "/sites/{0}/api/hooks/publish", 400)]
    [InlineData("POST", "/sites/other/api/hooks/publish", 403)]
    [InlineData("POST", "/api/hooks/publish", 403)]
    [InlineData("GET", "/docs/", 200)]
    [InlineData("GET", "/metrics", 403)]
    [InlineData("GET", "/api/hooks", 403)]
    [InlineData("GET", "/api/deployments", 403)]
    [InlineData("GET", "/api/deliveries", 403)]
    [InlineData("GET", "/api/deliveries/1", 403)]
    [InlineData("GET", "/sites/other/api/deliveries", 403)]
    [InlineData("GET", "/sites/other/api/deliveries/1", 403)]
    [InlineData("GET", "/sites/other/api/hooks", 403)]
    [InlineData("GET", "/other.git/info/refs", 403)]
    [InlineData("GET", "/{0}.git/info/refs?service=git-receive-pack", 404)]
    public async Task A_token_limited_to_a_site_works_only_for_that_site(string method, string path, int status)
    {
        string site = Some.Site();
        string token = await TokenAsync("hooks", site, "deploy");

        Assert.Equal(status, (await SendWithTokenAsync(token, method, path.Replace("{0}", site, StringComparison.Ordinal))).Code);
    }

    [Fact]
    public async Task A_token_is_shown_only_on_creation_and_listed_with_its_last_use()
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        Reply created = await server.PostAsync("/api/tokens", Request("deploy", "shop"));
        string token = created["token"];

        Assert.Equal(201, created.Code);
        Assert.Matches("^nyala_[A-Za-z0-9_-]{43}$", token);
        Reply before = await server.GetAsync("/api/tokens");
        clock.Advance(TimeSpan.FromMinutes(3));
        await Reply.ReadAsync(await server.Anonymous.SendAsync(As(token, "GET", "/sites/shop/api/hooks"), TestContext.Current.CancellationToken));
        Reply after = await server.GetAsync("/api/tokens");

        Assert.DoesNotContain(token, before.Text, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, before.Json[0].GetProperty("last_used").ValueKind);
        Assert.Equal("2026-02-27T17:47:25.8567966Z", after.Json[0].GetProperty("last_used").GetString());
        Assert.Equal(("shop", """["deploy"]"""), (after.Json[0].GetProperty("site").GetString(), after.Json[0].GetProperty("scopes").GetRawText()));
    }

    [Fact]
    public async Task Tokens_and_their_last_use_survive_a_restart()
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        string token = (await server.PostAsync("/api/tokens", Request("read")))["token"];
        await Reply.ReadAsync(await server.Anonymous.SendAsync(As(token, "GET", "/api/hooks"), TestContext.Current.CancellationToken));

        await server.RestartAsync();

        Reply list = await server.GetAsync("/api/tokens");
        Assert.Equal("2026-02-27T17:44:25.8567966Z", list.Json[0].GetProperty("last_used").GetString());
        Assert.Equal(200, (await Reply.ReadAsync(await server.Anonymous.SendAsync(As(token, "GET", "/api/hooks"), TestContext.Current.CancellationToken))).Code);
    }

    [Fact]
    public async Task The_last_use_of_a_token_is_written_once_a_minute()
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        Reply created = await server.PostAsync("/api/tokens", Request("read"));
        await clock.TimerAsync(TimeSpan.FromMinutes(1));

        await UseAsync();
        clock.Advance(TimeSpan.FromSeconds(59));
        await UseAsync();
        Assert.Null(await WrittenAsync());
        clock.Advance(TimeSpan.FromSeconds(1));

        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        DateTimeOffset? written;
        while ((written = await WrittenAsync()) is null)
        {
            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken).AsTask().InTimeAsync();
        }

        Assert.Equal(SignalClock.Beginning.AddSeconds(59), written);

        async Task UseAsync() => Assert.Equal(200, (await Reply.ReadAsync(await server.Anonymous.SendAsync(
            As(created["token"], "GET", "/api/hooks"), TestContext.Current.CancellationToken))).Code);

        Task<DateTimeOffset?> WrittenAsync() => server.Store.ReadAsync(tables => tables.Tokens.List(0, 1)[0].LastUsed, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_revoked_token_gets_401_immediately()
    {
        Reply created = await _server.PostAsync("/api/tokens", Request("read"));
        Assert.Equal(200, (await SendWithTokenAsync(created["token"], "GET", "/api/hooks")).Code);

        Assert.Equal(204, (await _server.DeleteAsync($"/api/tokens/{created["id"]}")).Code);

        Assert.Equal(401, (await SendWithTokenAsync(created["token"], "GET", "/api/hooks")).Code);
        Assert.Equal(404, (await _server.DeleteAsync($"/api/tokens/{created["id"]}")).Code);
        Assert.DoesNotContain(created["id"], (await _server.GetAsync("/api/tokens")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_token_gets_401()
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        JsonObject request = Request("read");
        request["expires"] = "2026-02-27T17:45:00Z";
        string token = (await server.PostAsync("/api/tokens", request))["token"];
        HttpResponseMessage good = await server.Anonymous.SendAsync(As(token, "GET", "/api/hooks"), TestContext.Current.CancellationToken);

        clock.Advance(TimeSpan.FromMinutes(1));
        Reply late = await Reply.ReadAsync(await server.Anonymous.SendAsync(As(token, "GET", "/api/hooks"), TestContext.Current.CancellationToken));

        Assert.Equal((200, 401, "Invalid token"), ((int)good.StatusCode, late.Code, late["title"]));
    }

    [Theory]
    [InlineData("""{"scopes":["read"]}""", "'name' must be 1 to 100 characters")]
    [InlineData("""{"name":"  ","scopes":["read"]}""", "'name' must be 1 to 100 characters")]
    [InlineData("""{"name":"x"}""", "'scopes' must be a list of one or more of admin, hooks, deploy, read.")]
    [InlineData("""{"name":"x","scopes":[]}""", "'scopes' must be")]
    [InlineData("""{"name":"x","scopes":["write"]}""", "'scopes' must be")]
    [InlineData("""{"name":"x","scopes":[7]}""", "'scopes' must be a list of strings.")]
    [InlineData("""{"name":"x","scopes":["read"],"site":"../x"}""", "'site' must be a site name")]
    [InlineData("""{"name":"x","scopes":["admin"],"site":"shop"}""", "'site' cannot be combined with the scope admin")]
    [InlineData("""{"name":"x","scopes":["read"],"expires":"2020-01-01T00:00:00Z"}""", "'expires' must be in the future.")]
    [InlineData("""{"name":"x","scopes":["read"],"expires":"soon"}""", "'expires' must be an ISO 8601 time")]
    [InlineData("[]", "must be an object")]
    public async Task Creating_a_token_with_invalid_fields_returns_400(string body, string reason)
    {
        Reply reply = await _server.SendAsync(HttpMethod.Post, "/api/tokens", body);

        Assert.Equal(400, reply.Code);
        Assert.Contains(reason, reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_log_records_that_a_token_is_created_and_revoked()
    {
        Reply created = await _server.PostAsync("/api/tokens", Request("read"));
        await _server.DeleteAsync($"/api/tokens/{created["id"]}");

        Reply audit = await _server.GetAsync($"/api/audit?target={created["id"]}");

        Assert.Equal(["token.revoked", "token.created"], audit.Json.EnumerateArray().Select(entry => entry.GetProperty("action").GetString()!));
        Assert.DoesNotContain(created["token"], audit.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_log_names_the_token_that_was_used()
    {
        Reply created = await _server.PostAsync("/api/tokens", Request("hooks"));
        string body = Some.Hook().ToJsonString();
        using HttpRequestMessage subscribe = As(created["token"], "POST", "/api/hooks");
        subscribe.Content = new StringContent(body);
        string hook = (await Reply.ReadAsync(await _server.Anonymous.SendAsync(subscribe, TestContext.Current.CancellationToken)))["id"];

        JsonElement entry = (await _server.GetAsync($"/api/audit?target={hook}")).Json[0];

        Assert.Equal((created["id"], created["name"]), (entry.GetProperty("token").GetString(), entry.GetProperty("actor").GetString()));
    }

    [Theory]
    [InlineData("read", true)]
    [InlineData("deploy", true)]
    [InlineData("hooks", false)]
    [InlineData("admin", false)]
    public async Task Credentials_in_the_URL_of_a_hook_are_hidden_from_tokens_without_the_hooks_scope(string scope, bool hidden)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, $"http://ann:pw@127.0.0.1:{receiver.Url.Port}/T0/B0/key?sig=abc");
        await hook.PublishAsync();
        string token = await TokenAsync(scope);

        Reply read = await SendWithTokenAsync(token, "GET", $"/api/hooks/{hook.Id}");
        JsonElement listed = (await SendWithTokenAsync(token, "GET", "/api/hooks")).Json.EnumerateArray().Single(one => one.GetProperty("id").GetString() == hook.Id);

        string shown = hidden ? $"http://127.0.0.1:{receiver.Url.Port}" : $"http://ann:***@127.0.0.1:{receiver.Url.Port}/T0/B0/key?sig=abc";
        Assert.Equal((shown, shown), (read["url"], listed.GetProperty("url").GetString()));
        Assert.Equal(hidden, read.Json.GetProperty("last_context").ValueKind == JsonValueKind.Null);
        Assert.Equal("OK", read["last_status"]);
    }

    [Theory]
    [InlineData("read", false)]
    [InlineData("hooks", false)]
    [InlineData("deploy", true)]
    [InlineData("admin", true)]
    public async Task The_command_of_a_site_is_shown_only_to_tokens_that_may_deploy(string scope, bool shown)
    {
        const string Command = "echo hello; : --password s3cret-4711";
        string site = Some.Site();
        await _server.PostAsync("/api/sites", new JsonObject { ["name"] = site, ["command"] = Command });
        string id = (await _server.SendAsync(HttpMethod.Post, $"/sites/{site}/api/zipdeploy", Zips.Of([("a", "b")])))["id"];
        string token = await TokenAsync(scope);

        Reply read = await SendWithTokenAsync(token, "GET", $"/api/sites/{site}");
        Reply listed = await SendWithTokenAsync(token, "GET", "/api/sites");
        Reply log = await SendWithTokenAsync(token, "GET", $"/sites/{site}/api/deployments/{id}/log");

        Assert.Equal(shown ? Command : "", read["command"]);
        Assert.Equal(shown, listed.Text.Contains("s3cret-4711", StringComparison.Ordinal));
        Assert.DoesNotContain("s3cret-4711", log.Text, StringComparison.Ordinal);
        Assert.Contains("hello", log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_redirect_location_of_a_receiver_is_hidden_from_tokens_with_only_the_read_scope()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.AnswerNext(new Answer(308, "", ("Location", "https://example.com/?token=s3cret-4711")));
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver.Url.AbsoluteUri);
        await hook.PublishAsync();

        Reply read = await SendWithTokenAsync(await TokenAsync("read"), "GET", $"/api/hooks/{hook.Id}");
        Reply managed = await SendWithTokenAsync(await TokenAsync("hooks"), "GET", $"/api/hooks/{hook.Id}");

        Assert.Contains("s3cret-4711", managed["last_reason"], StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret-4711", read.Text, StringComparison.Ordinal);
        Assert.Equal("PermanentRedirect", read["last_status"]);
    }

    [Fact]
    public async Task After_ten_failed_sign_ins_in_a_minute_wrong_tokens_get_429_and_good_ones_work()
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        var codes = new List<int>();
        for (int i = 0; i < 11; i++)
        {
            codes.Add((await TryAsync("wrong")).Code);
        }

        Reply blocked = await TryAsync("wrong again");
        Reply good = await TryAsync(TestServer.Token);
        Reply without = await Reply.ReadAsync(await server.Anonymous.GetAsync("/api/hooks", TestContext.Current.CancellationToken));
        clock.Advance(TimeSpan.FromMinutes(1));
        Reply later = await TryAsync("wrong");

        Assert.Equal([.. Enumerable.Repeat(401, 10), 429], codes);
        Assert.Equal((429, "60", "application/problem+json"), (blocked.Code, blocked.Headers["Retry-After"], blocked.ContentType));
        Assert.Equal((200, 401, 401), (good.Code, without.Code, later.Code));

        async Task<Reply> TryAsync(string token) =>
            await Reply.ReadAsync(await server.Anonymous.SendAsync(As(token, "GET", "/api/hooks"), TestContext.Current.CancellationToken));
    }

    private static JsonObject Request(string scope, string? site = null, params string[] more) => new()
    {
        ["name"] = "of a test",
        ["scopes"] = new JsonArray([scope, .. more.Select(name => JsonValue.Create(name))]),
        ["site"] = site,
    };

    private async Task<string> TokenAsync(string scope, string? site = null, params string[] more) =>
        (await _server.PostAsync("/api/tokens", Request(scope, site, more)))["token"];

    private async Task<Reply> SendWithTokenAsync(string token, string method, string path) =>
        await Reply.ReadAsync(await _server.Anonymous.SendAsync(As(token, method, path), TestContext.Current.CancellationToken));

    private static HttpRequestMessage As(string token, string method, string path) => new(HttpMethod.Parse(method), path)
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };
}
