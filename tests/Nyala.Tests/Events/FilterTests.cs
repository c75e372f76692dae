using System.Text.Json.Nodes;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Events;

/// <summary>Hooks with a filter, from the subscription to the receiver.</summary>
public sealed class FilterTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;
    private readonly string _site = Some.Site();

    private string Base => $"/sites/{_site}/api";

    [Fact]
    public async Task A_hook_filtered_on_broke_is_called_only_when_the_site_breaks()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await SubscribeAsync(receiver, """{"change":["broke"]}""");

        await DeployAsync(4, "fine");
        await DeployAsync(3, "broken");
        await DeployAsync(3, "still broken");
        await DeployAsync(4, "mended");
        await DeployAsync(3, "broken again");

        Assert.Equal(["broken", "broken again"], await MessagesAsync(receiver, 2));
    }

    [Theory]
    [InlineData("broke", "1")]
    [InlineData("still_failing", "2")]
    [InlineData("fixed", "3")]
    public async Task Each_change_filter_matches_only_the_deployment_with_that_change(string change, string which)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await SubscribeAsync(receiver, $$"""{"change":["{{change}}"]}""");

        await DeployAsync(3, "1");
        await DeployAsync(3, "2");
        await DeployAsync(4, "3");
        await DeployAsync(4, "4");

        Assert.Equal([which], await MessagesAsync(receiver, 1));
    }

    [Fact]
    public async Task The_previous_deployment_is_of_the_same_site_and_chosen_by_its_end_time()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await SubscribeAsync(receiver, """{"change":["fixed","still_failing"]}""");
        await _server.PutAsync($"/sites/{Some.Site()}/api/deployments/{Some.DeploymentId()}", Report(3, "elsewhere", "10:00"));

        await _server.PutAsync($"{Base}/deployments/{Some.DeploymentId()}", Report(3, "broke at 12", "12:00"));
        await _server.PutAsync($"{Base}/deployments/{Some.DeploymentId()}", Report(4, "well at 11, told late", "11:00"));
        await _server.PutAsync($"{Base}/deployments/{Some.DeploymentId()}", Report(4, "fixed at 13", "13:00"));

        Assert.Equal(["fixed at 13"], await MessagesAsync(receiver, 1));
    }

    [Fact]
    public async Task A_late_success_of_a_given_up_deployment_counts_as_fixed()
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        await using Receiver receiver = await Receiver.StartAsync();
        JsonObject hook = Some.Hook(receiver.Url.AbsoluteUri);
        hook["filter"] = JsonNode.Parse("""{"change":["broke","fixed"]}""");
        await server.PostAsync("/api/hooks", hook);
        await server.PutAsync("/api/deployments/one", Some.Report(1));

        clock.Advance(TimeSpan.FromHours(1.1));
        Assert.Equal("failed", (await receiver.NextAsync())["status"]);
        await server.PutAsync("/api/deployments/one", Some.Report(4));

        Assert.Equal("success", (await receiver.NextAsync())["status"]);
    }

    [Fact]
    public async Task Filter_fields_are_joined_by_AND_and_the_values_of_a_field_by_OR()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await SubscribeAsync(receiver, """{"status":["failed","success"],"branch":["main","release/*"],"author":"ann*"}""");

        await DeployAsync(4, "1", "main", "Ann Lee");
        await DeployAsync(3, "2", "release/7", "ANN");
        await DeployAsync(4, "3", "Main", "Ann");
        await DeployAsync(4, "4", "main", "Bob");
        await DeployAsync(4, "5", null, "Ann");

        Assert.Equal(["1", "2"], await MessagesAsync(receiver, 2));
    }

    [Fact]
    public async Task A_hook_with_a_list_of_filters_receives_each_event_that_matches_one_of_them_once()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await SubscribeAsync(receiver, """[{"status":["failed"]},{"status":["success"],"branch":["main"]},{"change":["broke"]}]""");

        await DeployAsync(3, "1", "feature");
        await DeployAsync(4, "2", "feature");
        await DeployAsync(4, "3", "main");
        await DeployAsync(3, "4", "main");
        await DeployAsync(4, "5");

        Assert.Equal(["1", "3", "4"], await MessagesAsync(receiver, 3));
    }

    [Fact]
    public async Task A_list_of_filters_is_returned_as_a_list_and_a_single_filter_as_an_object()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string hook = $"{Base}/hooks/" + await SubscribeAsync(receiver, """[{"branch":"main"},{"status":"failed"},{"branch":["main"]}]""");

        Assert.Equal("""[{"branch":["main"]},{"status":["failed"]}]""", (await _server.GetAsync(hook)).Json.GetProperty("filter").GetRawText());
        Assert.Equal("""{"status":["failed"]}""", await ChangeAsync("""[{"status":["failed"]}]"""));
        Assert.Equal("null", await ChangeAsync("[{}]"));
        Assert.Equal("null", (await _server.GetAsync(hook)).Json.GetProperty("filter").GetRawText());

        async Task<string> ChangeAsync(string filter) =>
            (await _server.SendAsync(HttpMethod.Patch, hook, $$"""{"filter":{{filter}}}""")).Json.GetProperty("filter").GetRawText();
    }

    [Fact]
    public async Task A_hook_at_the_root_can_filter_by_site()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string type = Some.EventType();
        await SubscribeAsync(receiver, $$"""{"site":["{{_site.ToUpperInvariant()}}*"]}""", "/api", type);

        await _server.SendAsync(HttpMethod.Post, $"{Base}/hooks/publish/{type}", """{"message":"here"}""");
        await _server.SendAsync(HttpMethod.Post, $"/sites/other-{_site}/api/hooks/publish/{type}", """{"message":"there"}""");

        Assert.Equal(["here"], await MessagesAsync(receiver, 1));
    }

    [Fact]
    public async Task A_published_event_is_filtered_by_its_body_and_never_counts_as_a_change()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using Receiver changes = await Receiver.StartAsync();
        await SubscribeAsync(receiver, """{"status":"failed"}""");
        await SubscribeAsync(changes, """{"change":"broke"}""");

        await _server.SendAsync(HttpMethod.Post, $"{Base}/hooks/publish/PostDeployment", """{"status":"failed","message":"1"}""");
        await _server.SendAsync(HttpMethod.Post, $"{Base}/hooks/publish/PostDeployment", """{"status":"success","message":"2"}""");
        await _server.SendAsync(HttpMethod.Post, $"{Base}/hooks/publish/PostDeployment", "[]");

        Assert.Equal(["1"], await MessagesAsync(receiver, 1));
        Assert.Equal(0, changes.Count);
    }

    [Fact]
    public async Task A_ping_is_sent_regardless_of_the_filter()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string id = await SubscribeAsync(receiver, """{"change":["broke"]}""");

        Assert.Equal(200, (await _server.SendAsync(HttpMethod.Post, $"{Base}/hooks/{id}/ping")).Code);

        Assert.Equal("Ping", (await receiver.NextAsync()).Header("Nyala-Event"));
    }

    [Fact]
    public async Task A_changed_filter_applies_to_later_events()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string id = await SubscribeAsync(receiver, """{"status":"failed"}""");
        await DeployAsync(4, "1");

        await _server.SendAsync(HttpMethod.Patch, $"{Base}/hooks/{id}", """{"filter":{"status":["success"]}}""");
        await DeployAsync(4, "2");
        await DeployAsync(3, "3");
        await _server.SendAsync(HttpMethod.Patch, $"{Base}/hooks/{id}", """{"filter":null}""");
        await DeployAsync(3, "4");

        Assert.Equal(["2", "4"], await MessagesAsync(receiver, 2));
    }

    [Fact]
    public async Task An_event_stores_the_id_of_its_deployment()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string hook = await SubscribeAsync(receiver, "{}");
        string id = Some.DeploymentId();

        await _server.PutAsync($"{Base}/deployments/{id}", Some.Report());

        EventRecord? accepted = await _server.Store.ReadAsync(
            tables => tables.Events.Find(tables.Deliveries.OfHook(long.Parse(hook, null), 1)[0].Event), TestContext.Current.CancellationToken);
        Assert.Equal((id, 0), (accepted!.Deployment, accepted.Chain));
    }

    [Fact]
    public async Task Refused_filters_return_the_approved_errors()
    {
        (string Type, string Filter)[] refused =
        [
            ("PostDeployment", "[]"),
            ("PostDeployment", """{"state":["failed"],"status":[]}"""),
            ("PostDeployment", """{"status":["failing"],"change":["breaks"]}"""),
            ("PostDeployment", """{"status":[3],"branch":[""],"author":"a\u0000"}"""),
            ("PostDeployment", """{"site":["a/b"]}"""),
            ("PostDeployment", """{"site":["another-site"]}"""),
            ("PostDeployment", """{"status":["success"],"change":["broke","still_failing"]}"""),
            ("PostDeployment", """{"status":["failed"],"change":["fixed"]}"""),
            ("PostDeployment", """{"status":["building"]}"""),
            ("DeploymentStarted", """{"status":["failed"]}"""),
            ("DeploymentStarted", """{"change":["broke"]}"""),
            ("HookDisabled", """{"status":["failed"]}"""),
            ("HookDisabled", """{"branch":["main"]}"""),
            ("My.Event", """{"change":["fixed"]}"""),
            ("PostDeployment", "7"),
            ("PostDeployment", """[{"status":["failed"]},null,"main"]"""),
            ("PostDeployment", """[{"status":["failed"]},{}]"""),
            ("PostDeployment", """[{"status":["failed"]},{"status":["building"]}]"""),
            ("PostDeployment", """[{"status":["failing"],"branches":["main"]},{"status":[],"branch":[""]},{"site":["a/b"]}]"""),
            ("PostDeployment", """[{"status":["success"],"change":["broke"]},{"status":["failed"]},{"site":["another-site"]}]"""),
            ("PostDeployment", $"[{string.Join(',', Enumerable.Repeat("""{"status":["failed"]}""", 11))}]"),
            ("HookDisabled", """[{"branch":["main"]}]"""),
        ];
        var replies = new List<string>();
        foreach ((string type, string filter) in refused)
        {
            JsonObject hook = Some.Hook(type: type);
            hook["filter"] = JsonNode.Parse(filter);
            Reply reply = await _server.PostAsync("/sites/filtered/api/hooks", hook);
            Assert.Equal(400, reply.Code);
            replies.Add($"{type} {filter}\n{string.Join('\n', reply.Json.GetProperty("errors").GetProperty("filter").EnumerateArray())}\n");
        }

        Assert.Equal("[]", (await _server.GetAsync("/sites/filtered/api/hooks")).Text);
        Approved.Text(string.Join('\n', replies));
    }

    private async Task<string> SubscribeAsync(Receiver receiver, string filter, string? at = null, string type = "PostDeployment")
    {
        JsonObject hook = Some.Hook(receiver.Url.AbsoluteUri, type);
        hook["filter"] = JsonNode.Parse(filter);
        Reply reply = await _server.PostAsync($"{at ?? Base}/hooks", hook);
        Assert.Equal(201, reply.Code);
        return reply["id"];
    }

    private Task<Reply> DeployAsync(int status, string message, string? branch = null, string author = "Someone")
    {
        JsonObject report = Some.Report(status);
        (report["message"], report["branch"], report["author"]) = (message, branch, author);
        return _server.PutAsync($"{Base}/deployments/{Some.DeploymentId()}", report);
    }

    private static JsonObject Report(int status, string message, string ended)
    {
        JsonObject report = Some.Report(status);
        (report["message"], report["start_time"], report["end_time"]) = (message, "2026-02-27T09:00:00Z", $"2026-02-27T{ended}:00Z");
        return report;
    }

    /// <summary>Returns the messages of the next requests in order, and checks that the receiver got no more.</summary>
    private static async Task<string[]> MessagesAsync(Receiver receiver, int count)
    {
        var messages = new List<string>();
        while (messages.Count < count)
        {
            messages.Add((await receiver.NextAsync())["message"]);
        }

        Assert.Equal(count, receiver.Count);
        return [.. messages];
    }
}
