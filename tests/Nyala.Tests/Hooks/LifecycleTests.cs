using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hooks;

/// <summary>Pausing, resuming, re-enabling and restoring hooks.</summary>
public sealed class LifecycleTests(SharedServer shared)
{
    private static readonly HookHealth Held = new(5, DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero), 3);

    private readonly TestServer _server = shared.Server;
    private readonly string _hooks = $"/sites/{Some.Site()}/api/hooks";

    [Fact]
    public async Task Events_published_during_a_pause_are_sent_after_the_resume()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string id = await _server.SubscribeAsync(receiver.Url, path: _hooks);
        await PublishAsync("0");
        await receiver.NextAsync();

        Reply paused = await AskAsync(id, "pause");
        await PublishAsync("1");
        await PublishAsync("2");
        Assert.Equal((200, "paused", 1), (paused.Code, paused["state"], receiver.Count));
        Assert.NotEmpty(paused["state_since"]);

        Reply resumed = await AskAsync(id, "resume");

        Assert.Equal((200, "active", ""), (resumed.Code, resumed["state"], resumed["state_reason"]));
        Assert.Equal(["1", "2"], new[] { (await receiver.NextAsync()).Text, (await receiver.NextAsync()).Text }.Order());
    }

    [Theory]
    [InlineData("pause", "paused")]
    [InlineData("resume", "active")]
    [InlineData("enable", "active")]
    [InlineData("restore", "active")]
    public async Task Repeating_pause_resume_enable_or_restore_returns_200_and_changes_nothing(string verb, string state)
    {
        string id = await AddAsync();
        await AskAsync(id, verb);
        Reply first = await AskAsync(id, verb);

        Reply again = await AskAsync(id, verb);

        Assert.Equal((200, state), (again.Code, again["state"]));
        Assert.Equal(first["state_since"], again["state_since"]);
    }

    [Theory]
    [InlineData(nameof(HookState.Disabled), "enable")]
    [InlineData(nameof(HookState.Paused), "resume")]
    [InlineData(nameof(HookState.Active), "resume")]
    [InlineData(nameof(HookState.Active), "enable")]
    [InlineData(nameof(HookState.Disabled), "subscribe")]
    [InlineData(nameof(HookState.Active), "subscribe")]
    public async Task A_hook_made_active_again_is_healthy_and_gets_its_held_deliveries(string state, string verb)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string id = await _server.SubscribeAsync(receiver.Url, path: _hooks);
        await WriteAsync(tables =>
        {
            tables.Hooks.SetState(Number(id), Enum.Parse<HookState>(state), "Nothing but failures.", DateTimeOffset.UnixEpoch);
            tables.Hooks.SetHealth(Number(id), Held);
        });
        Reply held = await _server.GetAsync($"{_hooks}/{id}");
        Assert.Equal(("Nothing but failures.", "1970-01-01T00:00:00.0000000Z"), (held["state_reason"], held["failing_since"]));
        Assert.Equal(
            state == nameof(HookState.Active) ? ("breaker", "2100-01-01T00:00:00.0000000Z") : (state.ToLowerInvariant(), ""), (held["held"], held["held_until"]));
        if (state != nameof(HookState.Active))
        {
            await PublishAsync("kept");
        }

        Reply back = verb == "subscribe" ? await _server.PostAsync(_hooks, Some.Hook(receiver.Url.AbsoluteUri)) : await AskAsync(id, verb);

        Assert.Equal(("active", "", ""), (back["state"], back["failing_since"], back["held"]));
        Assert.Equal(default, (await _server.Store.ReadAsync(tables => tables.Hooks.Find(Number(id)), TestContext.Current.CancellationToken))!.Health);
        if (state != nameof(HookState.Active))
        {
            Assert.Equal("", back["state_reason"]);
            Assert.Equal("kept", (await receiver.NextAsync()).Json.GetString());
        }
    }

    [Fact]
    public async Task A_gone_hook_is_listed_on_request_and_can_be_restored()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string other = await AddAsync();
        string id = await _server.SubscribeAsync(receiver.Url, path: _hooks);
        receiver.AnswerNext(new Answer(410));
        await PublishAsync("1");
        await receiver.NextAsync();

        Assert.Equal(other, await ListAsync(""));
        Assert.Equal(id, await ListAsync("?state=gone"));
        Assert.Equal($"{other},{id}", await ListAsync("?state=ALL"));
        Assert.Equal(other, await ListAsync("?state=active"));
        Assert.Equal("", await ListAsync("?state=paused"));

        Assert.Equal("active", (await AskAsync(id, "restore"))["state"]);

        await PublishAsync("2");
        Assert.Equal("2", (await receiver.NextAsync()).Text);
        Assert.Equal($"{other},{id}", await ListAsync(""));
    }

    [Fact]
    public async Task Refused_lifecycle_requests_return_the_approved_errors()
    {
        string id = await AddAsync();
        var replies = new List<string>();
        foreach ((string state, string verb) in ((string, string)[])[
            ("Gone", "pause"), ("Gone", "resume"), ("Gone", "enable"), ("Gone", "restore"), ("Gone", "rotate-secret"), ("Gone", "ping"),
            ("Disabled", "pause"), ("Disabled", "resume"), ("Paused", "enable"), ("Paused", "restore")])
        {
            await WriteAsync(tables => tables.Hooks.SetState(Number(id), Enum.Parse<HookState>(state), null, DateTimeOffset.UnixEpoch));
            Reply reply = await AskAsync(id, verb);
            Assert.Equal((409, state.ToLowerInvariant()), (reply.Code, (await _server.GetAsync($"{_hooks}/{id}"))["state"]));
            replies.Add(reply.Text);
        }

        replies.Add((await _server.GetAsync($"{_hooks}?state=lost")).Text);
        Approved.Json($"[{string.Join(',', replies)}]");
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("enable")]
    [InlineData("restore")]
    [InlineData("rotate-secret")]
    public async Task Each_lifecycle_request_returns_404_for_an_unknown_hook_or_a_hook_of_another_site(string verb)
    {
        string id = await AddAsync();

        Assert.Equal(404, (await _server.SendAsync(HttpMethod.Post, $"/sites/{Some.Site()}/api/hooks/{id}/{verb}")).Code);
        Assert.Equal(404, (await AskAsync("1", verb)).Code);
        Assert.Equal(404, (await AskAsync("x", verb)).Code);
        Assert.Equal("active", (await _server.GetAsync($"{_hooks}/{id}"))["state"]);
    }

    private static long Number(string id) => long.Parse(id, null);

    private async Task<string> AddAsync() => (await _server.PostAsync(_hooks, Some.Hook()))["id"];

    private Task<Reply> AskAsync(string id, string verb) => _server.SendAsync(HttpMethod.Post, $"{_hooks}/{id}/{verb}");

    private async Task PublishAsync(string body) => Assert.Equal(
        200, (await _server.SendAsync(HttpMethod.Post, $"{_hooks}/publish/PostDeployment", char.IsDigit(body[0]) ? body : $"\"{body}\"")).Code);

    private async Task<string> ListAsync(string query) =>
        string.Join(',', (await _server.GetAsync(_hooks + query)).Json.EnumerateArray().Select(hook => hook.GetProperty("id").GetString()));

    private Task WriteAsync(Action<ITables> work) => _server.Store.WriteAsync(tables =>
    {
        work(tables);
        return true;
    });
}
