using System.Text;
using System.Text.Json;
using Nyala.Server.Delivery;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hooks;

/// <summary><c>POST /api/hooks/{id}/ping</c>.</summary>
public sealed class PingTests(SharedServer shared)
{
    private static readonly DateTimeOffset Later = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TestServer _server = shared.Server;
    private readonly string _site = Some.Site();

    private string Base => $"/sites/{_site}/api";

    private string Hooks => $"{Base}/hooks";

    [Fact]
    public async Task A_ping_calls_only_its_hook_and_returns_the_attempt()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using Receiver other = await Receiver.StartAsync();
        string id = await _server.SubscribeAsync(receiver.Url, path: Hooks);
        await _server.SubscribeAsync(other.Url, "*", Hooks);
        receiver.AnswerNext(new Answer(403, "who are you?"));

        Reply reply = await PingAsync(id);

        Received ping = await receiver.NextAsync();
        JsonElement attempt = Attempt(reply);
        Assert.Equal((200, "failed", 403), (reply.Code, reply["state"], attempt.GetProperty("status").GetInt32()));
        Assert.Equal("who are you?", attempt.GetProperty("answer").GetString());
        Assert.Equal("The receiver responded with 403 Forbidden.", attempt.GetProperty("reason").GetString());
        Assert.Equal(("Ping", reply["webhook_id"]), (ping.Header("Nyala-Event"), ping.Header("webhook-id")));
        Assert.Equal((ping.Text, id), (reply["body"], ping["hookId"]));
        Assert.Equal(0, other.Count);
        Assert.Equal(reply.Text, (await _server.GetAsync($"{Base}/deliveries/{reply["id"]}")).Text);
    }

    [Theory]
    [InlineData(nameof(HookState.Paused), false)]
    [InlineData(nameof(HookState.Disabled), false)]
    [InlineData(nameof(HookState.Active), true)]
    public async Task A_ping_calls_a_held_hook_and_leaves_it_unchanged(string state, bool breaker)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string id = (await _server.SendAsync(HttpMethod.Post, Hooks, $$"""{"url":"{{receiver.Url}}","event":"Built","rate":1}"""))["id"];
        await PublishAsync();
        await receiver.NextAsync();
        await UntilAsync(async () => (await _server.GetAsync($"{Hooks}/{id}"))["last_status"] == "OK");
        await WriteAsync(tables =>
        {
            tables.Hooks.SetState(Number(id), Enum.Parse<HookState>(state), null, DateTimeOffset.UnixEpoch);
            tables.Hooks.SetHealth(Number(id), breaker ? new HookHealth(5, DateTimeOffset.UnixEpoch, Later, 3) : default);
        });
        Reply before = await _server.GetAsync($"{Hooks}/{id}");
        receiver.AnswerAlways(500);

        // Two pings, so that the rate of one per minute is exceeded in any case.
        Reply first = await PingAsync(id);
        Reply second = await PingAsync(id);

        Assert.Equal([500, 500], new[] { first, second }.Select(reply => Attempt(reply).GetProperty("status").GetInt32()));
        Assert.Equal(3, receiver.Count);
        Assert.Equal(before.Text, (await _server.GetAsync($"{Hooks}/{id}")).Text);
    }

    [Fact]
    public async Task A_ping_without_a_response_returns_the_reason()
    {
        string id = (await _server.PostAsync(Hooks, Some.Hook("http://127.0.0.1:1/")))["id"];

        Reply reply = await PingAsync(id);

        Assert.Equal((200, "failed"), (reply.Code, reply["state"]));
        Assert.Equal("The connection was refused.", Attempt(reply).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_410_response_to_a_ping_makes_the_hook_gone_and_ends_its_pending_deliveries()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string id = await _server.SubscribeAsync(receiver.Url, "Built", Hooks);
        Assert.Equal(200, (await _server.SendAsync(HttpMethod.Post, $"{Hooks}/{id}/pause")).Code);
        await PublishAsync();
        receiver.AnswerNext(new Answer(410));

        Reply reply = await PingAsync(id);

        Assert.Equal("gone", reply["state"]);
        Reply hook = await _server.GetAsync($"{Hooks}/{id}");
        Assert.Equal(("gone", "The receiver responded with 410."), (hook["state"], hook["state_reason"]));
        Reply again = await PingAsync(id);
        Assert.Equal(409, again.Code);
        Assert.Contains("restore", again.Reason, StringComparison.Ordinal);
        Assert.Equal(1, receiver.Count);
        await UntilAsync(async () => (await _server.GetAsync($"{Hooks}/{id}/deliveries?state=pending")).Text == "[]");
    }

    [Fact]
    public async Task A_ping_cannot_be_redelivered()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string id = await _server.SubscribeAsync(receiver.Url, "Built", Hooks);
        receiver.AnswerAlways(500);
        Reply ping = await PingAsync(id);

        Reply one = await _server.SendAsync(HttpMethod.Post, $"{Base}/deliveries/{ping["id"]}/redeliver");
        Reply many = await _server.SendAsync(HttpMethod.Post, $"{Hooks}/{id}/redeliver", """{"since":"1h"}""");

        Assert.Equal((409, 202), (one.Code, many.Code));
        Assert.Contains("ping", one.Reason, StringComparison.Ordinal);
        await UntilAsync(async () => (await _server.GetAsync($"{Base}/redeliveries/{many["id"]}"))["ended"] != "");
        Assert.Equal("0", (await _server.GetAsync($"{Base}/redeliveries/{many["id"]}"))["done"]);
        Assert.Equal(1, receiver.Count);
    }

    [Fact]
    public async Task A_ping_returns_429_if_too_many_pings_are_in_flight()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        string id = await server.SubscribeAsync(receiver.Url);
        receiver.Hold();
        Task<Reply>[] pings = [.. Enumerable.Range(0, Pinger.MaxInFlight).Select(_ => server.SendAsync(HttpMethod.Post, $"/api/hooks/{id}/ping"))];
        for (int i = 0; i < Pinger.MaxInFlight; i++)
        {
            await receiver.NextAsync();
        }

        Reply refused = await server.SendAsync(HttpMethod.Post, $"/api/hooks/{id}/ping");
        receiver.Release();

        Assert.Equal(429, refused.Code);
        Assert.All(await Task.WhenAll(pings).InTimeAsync(), reply => Assert.Equal(200, reply.Code));
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Post, $"/api/hooks/{id}/ping")).Code);
    }

    [Fact]
    public void A_ping_has_the_approved_body() => Approved.Json(Encoding.UTF8.GetString(PingBody.Of("12", "shop", "shop.example.com", DateTimeOffset.UnixEpoch)));

    [Fact]
    public async Task A_ping_of_an_unknown_hook_returns_404() => Assert.Equal(404, (await PingAsync("1")).Code);

    private static long Number(string id) => long.Parse(id, null);

    private static JsonElement Attempt(Reply reply) => Assert.Single(reply.Json.GetProperty("history").EnumerateArray());

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        using var limit = new CancellationTokenSource(Signals.Limit);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await reached())
        {
            Assert.True(await look.WaitForNextTickAsync(limit.Token));
        }
    }

    private Task<Reply> PingAsync(string id) => _server.SendAsync(HttpMethod.Post, $"{Hooks}/{id}/ping");

    private async Task PublishAsync() => Assert.Equal(200, (await _server.SendAsync(HttpMethod.Post, $"{Hooks}/publish/Built", "{}")).Code);

    private Task WriteAsync(Action<ITables> work) => _server.Store.WriteAsync(tables =>
    {
        work(tables);
        return true;
    });
}
