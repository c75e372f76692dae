using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hooks;

/// <summary><c>PATCH /api/hooks/{id}</c>, and the same settings in a subscription.</summary>
public sealed class ChangeTests(SharedServer shared)
{
    private const string Everything =
        """{"description":"Tells the team","filter":{"status":["failed"]},"ordered":true,"rate":60,"headers":{"X-Team":"web","X-Key":"s3cret"},"insecure_ssl":true}""";

    private readonly TestServer _server = shared.Server;
    private readonly string _hooks = $"/sites/{Some.Site()}/api/hooks";

    [Fact]
    public async Task Every_setting_except_certificates_can_be_changed_and_read_back()
    {
        string id = await AddAsync();

        Reply changed = await PatchAsync(id, Everything);

        Assert.Equal(200, changed.Code);
        Assert.Equal(changed.Text, (await _server.GetAsync($"{_hooks}/{id}")).Text);
        AssertEverything(changed.Json);
    }

    [Fact]
    public async Task Every_setting_except_certificates_can_be_set_by_subscribing_once_or_again()
    {
        JsonObject hook = Some.Hook();
        JsonObject chosen = JsonNode.Parse(Everything)!.AsObject();
        Reply plain = await _server.PostAsync(_hooks, hook);
        foreach ((string name, JsonNode? value) in chosen)
        {
            hook[name] = value!.DeepClone();
        }

        Reply again = await _server.PostAsync(_hooks, hook);
        hook["url"] = Some.Url();
        Reply fresh = await _server.PostAsync(_hooks, hook);

        Assert.Equal(plain["id"], again["id"]);
        AssertEverything(again.Json);
        AssertEverything(fresh.Json);
    }

    [Fact]
    public async Task Settings_stay_if_a_change_omits_them_or_a_subscription_sends_null()
    {
        JsonObject hook = Some.Hook();
        string id = (await _server.PostAsync(_hooks, hook))["id"];
        await PatchAsync(id, Everything);

        AssertEverything((await PatchAsync(id, "{}")).Json);
        foreach (string name in JsonNode.Parse(Everything)!.AsObject().Select(field => field.Key))
        {
            hook[name] = null;
        }

        hook["last_status"] = "OK";
        AssertEverything((await _server.PostAsync(_hooks, hook)).Json);
    }

    [Fact]
    public async Task A_null_in_a_change_resets_a_setting()
    {
        string id = await AddAsync();
        string fresh = (await _server.GetAsync($"{_hooks}/{id}")).Text;
        await PatchAsync(id, Everything);

        Reply back = await PatchAsync(id, """{"description":null,"filter":null,"ordered":null,"rate":null,"headers":null,"insecure_ssl":null,"ca":null,"client_certificate":null}""");

        Assert.Equal(fresh, back.Text);
    }

    [Theory]
    [InlineData("""{"filter":{},"headers":{}}""")]
    [InlineData("""{"Filter":{"status":null},"HEADERS":{}}""")]
    public async Task An_empty_filter_and_empty_headers_are_stored_as_none(string change)
    {
        string id = await AddAsync();
        await PatchAsync(id, Everything);

        Reply changed = await PatchAsync(id, change);

        Assert.Equal(("", ""), (changed["filter"], changed["headers"]));
    }

    [Theory]
    [InlineData("""{"rate":1}""", 200)]
    [InlineData("""{"rate":60000}""", 200)]
    [InlineData("""{"rate":0}""", 400)]
    [InlineData("""{"rate":60001}""", 400)]
    [InlineData("""{"rate":1.5}""", 400)]
    [InlineData("""{"rate":[]}""", 400)]
    public async Task A_rate_is_a_whole_number_from_1_to_60000(string change, int status) =>
        Assert.Equal(status, (await PatchAsync(await AddAsync(), change)).Code);

    [Theory]
    [InlineData(1024, 200)]
    [InlineData(1025, 400)]
    public async Task A_description_has_at_most_1024_characters(int length, int status) =>
        Assert.Equal(status, (await PatchAsync(await AddAsync(), $$"""{"description":"{{new string('x', length)}}"}""")).Code);

    [Fact]
    public async Task Refused_changes_return_the_approved_errors()
    {
        string id = await AddAsync();
        string before = (await PatchAsync(id, Everything)).Text;
        string[] changes =
        [
            "",
            "[]",
            """{"url":"http://example.com/other","event":"Other","description":"kept out"}""",
            """{"description":7,"filter":{"status":["x"]},"ordered":"often","rate":"many","headers":[],"insecure_ssl":"perhaps","fliter":null}""",
            """{"headers":{"X-A":7}}""",
            """{"headers":{"X-A":"1","x-a":"2"}}""",
            """{"headers":{"X-A":"***"}}""",
            """{"headers":{"Host":"elsewhere"}}""",
            """{"headers":{"X-A":"a\r\nX-B: b"}}""",
            $$"""{"{{new string('y', 100)}}":1}""",
        ];
        var replies = new List<string>();
        foreach (string change in changes)
        {
            Reply reply = await PatchAsync(id, change);
            Assert.Equal((400, "application/problem+json"), (reply.Code, reply.ContentType));
            replies.Add(reply.Text);
        }

        Assert.Equal(before, (await _server.GetAsync($"{_hooks}/{id}")).Text);
        Approved.Json($"[{string.Join(',', replies)}]");
    }

    [Fact]
    public async Task A_change_returns_404_for_an_unknown_hook_or_a_hook_of_another_site()
    {
        string id = await AddAsync();

        Assert.Equal(404, (await _server.SendAsync(HttpMethod.Patch, $"/sites/{Some.Site()}/api/hooks/{id}", "{}")).Code);
        Assert.Equal(404, (await PatchAsync("1", "{}")).Code);
        Assert.Equal(404, (await PatchAsync("x", "{}")).Code);
        Assert.Equal(200, (await _server.SendAsync(HttpMethod.Patch, $"/api/hooks/{id}", "{}")).Code);
    }

    [Fact]
    public async Task Custom_headers_are_sent_from_the_next_attempt_on_and_stored_encrypted()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string id = await _server.SubscribeAsync(receiver.Url, path: _hooks);
        await PublishAsync();
        Assert.Null((await receiver.NextAsync()).Header("X-Key"));

        await PatchAsync(id, """{"headers":{"X-Key":"s3cret","Authorization":"Bearer t0ken"}}""");
        await PublishAsync();

        Received received = await receiver.NextAsync();
        Assert.Equal(("s3cret", "Bearer t0ken"), (received.Header("X-Key"), received.Header("Authorization")));
        HookRecord? stored = await _server.Store.ReadAsync(tables => tables.Hooks.Find(long.Parse(id, null)), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("X-Key", stored!.Headers, StringComparison.Ordinal);

        await PatchAsync(id, """{"headers":null}""");
        await PublishAsync();
        Assert.Null((await receiver.NextAsync()).Header("Authorization"));
    }

    [Fact]
    public async Task An_Authorization_header_with_user_info_in_the_url_returns_400_in_either_order()
    {
        const string Says = "Remove one of them";
        JsonObject hook = Some.Hook("http://user:pass@127.0.0.1:9/" + Some.Site());
        string id = (await _server.PostAsync(_hooks, hook))["id"];
        AssertRefused(await PatchAsync(id, """{"headers":{"authorization":"Bearer t"}}"""));

        hook["headers"] = new JsonObject { ["Authorization"] = "Bearer t" };
        AssertRefused(await _server.PostAsync(_hooks, hook));

        JsonObject plain = Some.Hook("http://127.0.0.1:9/" + Some.Site());
        string other = (await _server.PostAsync(_hooks, plain))["id"];
        await PatchAsync(other, """{"headers":{"Authorization":"Bearer t"}}""");
        plain["url"] = ((string)plain["url"]!).Replace("//", "//user:pass@", StringComparison.Ordinal);
        AssertRefused(await _server.PostAsync(_hooks, plain));
        Assert.DoesNotContain("user", (await _server.GetAsync($"{_hooks}/{other}"))["url"], StringComparison.Ordinal);

        static void AssertRefused(Reply reply)
        {
            Assert.Equal(400, reply.Code);
            Assert.Contains(Says, reply.Reason, StringComparison.Ordinal);
        }
    }

    private static void AssertEverything(JsonElement hook)
    {
        Assert.Equal("Tells the team", hook.GetProperty("description").GetString());
        Assert.Equal("""{"status":["failed"]}""", hook.GetProperty("filter").GetRawText());
        Assert.Equal((true, true, 60), (hook.GetProperty("ordered").GetBoolean(), hook.GetProperty("insecure_ssl").GetBoolean(), hook.GetProperty("rate").GetInt32()));
        Assert.Equal("""{"X-Team":"***","X-Key":"***"}""", hook.GetProperty("headers").GetRawText());
    }

    private async Task<string> AddAsync() => (await _server.PostAsync(_hooks, Some.Hook()))["id"];

    private Task<Reply> PatchAsync(string id, string change) => _server.SendAsync(HttpMethod.Patch, $"{_hooks}/{id}", change);

    private Task<Reply> PublishAsync() => _server.SendAsync(HttpMethod.Post, $"{_hooks}/publish/PostDeployment", "{}");
}
