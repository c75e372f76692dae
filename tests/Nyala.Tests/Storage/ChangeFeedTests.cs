using Microsoft.Extensions.DependencyInjection;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Storage;

/// <summary>What another node announces has its effect here. The changes of these tests are written without the code that announces them.</summary>
public sealed class ChangeFeedTests : IAsyncLifetime
{
    private TestServer _server = null!;

    private IChangeFeed Feed => _server.Server.Services.GetRequiredService<IChangeFeed>();

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_token_that_another_node_revoked_is_refused_once_that_is_announced()
    {
        Reply created = await _server.SendAsync(HttpMethod.Post, "/api/tokens", """{"name":"ci","scopes":["read"]}""");
        string token = created.Json.GetProperty("token").GetString()!;
        long id = long.Parse(created.Json.GetProperty("id").GetString()!, null);
        Assert.Equal(200, await StatusAsync(token));

        Feed.Announce(new Change.TokenRevoked(id + 1));
        Assert.Equal(200, await StatusAsync(token));
        Feed.Announce(new Change.TokenRevoked(id));

        Assert.Equal(401, await StatusAsync(token));
    }

    [Fact]
    public async Task A_hook_that_another_node_paused_gets_no_attempt_once_that_is_announced()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        await hook.PublishAsync("1");
        Assert.Equal("1", (await receiver.NextAsync()).Text);

        await hook.WriteAsync(tables => tables.Hooks.SetState(hook.Number, HookState.Paused, null, DateTimeOffset.UnixEpoch));
        Feed.Announce(new Change.HookChanged(hook.Number));
        await hook.PublishAsync("2");
        await hook.WriteAsync(tables => tables.Hooks.SetState(hook.Number, HookState.Active, null, DateTimeOffset.UnixEpoch));
        Assert.Equal(1, receiver.Count);
        Feed.Announce(new Change.HookChanged(hook.Number));

        Assert.Equal("2", (await receiver.NextAsync()).Text);
    }

    [Fact]
    public async Task A_publisher_that_waits_gets_its_response_once_the_end_of_the_first_attempt_is_announced()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        receiver.Hold();
        Task<Reply> publish = _server.SendAsync(HttpMethod.Post, $"/api/hooks/publish/{hook.Type}", "{}");
        await receiver.NextAsync();
        DeliveryRecord delivery = await hook.DeliveryAsync();
        Assert.False(publish.IsCompleted);

        Feed.Announce(new Change.FirstAttemptsEnded([(delivery.Event, delivery.Id)]));

        Assert.Equal(200, (await publish.InTimeAsync()).Code);
        receiver.Release();
    }

    private async Task<int> StatusAsync(string token) => (await _server.SendAsync(HttpMethod.Get, "/api/hooks", body: null, ("Authorization", $"Bearer {token}"))).Code;
}
