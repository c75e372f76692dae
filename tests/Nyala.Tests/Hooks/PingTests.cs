using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hooks;

/// <summary><c>POST /api/hooks/{id}/ping</c>.</summary>
public sealed class PingTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;
    private readonly string _hooks = $"/sites/{Some.Site()}/api/hooks";

    [Fact]
    public async Task A_ping_calls_that_hook_alone_and_answers_how_it_went()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using Receiver other = await Receiver.StartAsync();
        string id = await _server.SubscribeAsync(receiver.Url, path: _hooks);
        await _server.SubscribeAsync(other.Url, "*", _hooks);
        receiver.AnswerAlways(403);

        Reply reply = await _server.SendAsync(HttpMethod.Post, $"{_hooks}/{id}/ping");

        Assert.Equal(200, reply.Code);
        Assert.Equal("Forbidden", reply["last_status"]);
        Received ping = await receiver.NextAsync();
        Assert.Equal("Ping", ping.Header("Nyala-Event"));
        Assert.Equal(id, ping["hookId"]);
        Assert.Equal(ping.Text, reply["last_context"]);
        Assert.Equal(0, other.Count);
    }

    [Fact]
    public async Task An_unknown_hook_is_404() => Assert.Equal(404, (await _server.SendAsync(HttpMethod.Post, $"{_hooks}/1/ping")).Code);

    [Fact]
    public async Task A_hook_that_is_not_active_is_409_and_is_not_called()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string id = await _server.SubscribeAsync(receiver.Url, path: _hooks);
        await _server.Store.WriteAsync(tables =>
        {
            tables.Hooks.SetState(long.Parse(id, null), HookState.Paused, null, DateTimeOffset.UnixEpoch);
            return true;
        });

        Reply reply = await _server.SendAsync(HttpMethod.Post, $"{_hooks}/{id}/ping");

        Assert.Equal(409, reply.Code);
        Assert.Contains("paused", reply.Reason, StringComparison.Ordinal);
        Assert.Equal(0, receiver.Count);
    }
}
