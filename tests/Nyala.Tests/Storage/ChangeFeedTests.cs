using Microsoft.Extensions.DependencyInjection;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Storage;

/// <summary>
/// What another node announces has its effect here. The changes of these tests are written without the code that announces them, and the clock stands still, so
/// that no periodic work finds them either.
/// </summary>
public sealed class ChangeFeedTests : IAsyncLifetime
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(7);

    private readonly SignalClock _clock = new();
    private TestServer _server = null!;

    private IChangeFeed Feed => _server.Server.Services.GetRequiredService<IChangeFeed>();

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(
        options =>
        {
            options.Delivery.PublishWait = Wait;
            options.Delivery.InFlightPerHook = 1;
        },
        _clock);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_token_that_another_node_revoked_is_refused_once_that_is_announced()
    {
        Reply created = await _server.SendAsync(HttpMethod.Post, "/api/tokens", """{"name":"ci","scopes":["read"]}""");
        string token = created.Json.GetProperty("token").GetString()!;
        long id = long.Parse(created.Json.GetProperty("id").GetString()!, null);
        Assert.Equal(200, await StatusAsync(token));

        Assert.True(await _server.Store.WriteAsync(tables => tables.Tokens.Remove(id)));
        Feed.Announce(new Change.TokenRevoked(id + 1));
        Assert.Equal(200, await StatusAsync(token));
        Feed.Announce(new Change.TokenRevoked(id));

        Assert.Equal(401, await StatusAsync(token));
    }

    [Fact]
    public async Task Deliveries_that_wait_follow_their_hook_once_its_changes_on_another_node_are_announced()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        receiver.Hold();
        await hook.PublishSoonAsync("1");
        Assert.Equal("1", (await receiver.NextAsync()).Text);

        // Its lane has this delivery in memory, and sends it when the attempt in flight ends.
        await hook.PublishSoonAsync("2");
        await hook.WriteAsync(tables => tables.Hooks.SetState(hook.Number, HookState.Paused, null, DateTimeOffset.UnixEpoch));
        Feed.Announce(new Change.HookChanged(hook.Number));
        receiver.Release();
        await hook.AttemptedAsync(1);
        string userInfo = _server.Server.Services.GetRequiredService<SecretBox>().Encrypt("u:p");
        await hook.WriteAsync(tables => tables.Hooks.Update(tables.Hooks.Find(hook.Number)! with { UserInfo = userInfo, State = HookState.Active }));
        Feed.Announce(new Change.HookChanged(hook.Number));

        Received second = await receiver.NextAsync();
        Assert.Equal(("2", "Basic dTpw"), (second.Text, second.Header("Authorization")));
        Assert.Equal(2, receiver.Count);
    }

    [Fact]
    public async Task A_publisher_that_waits_gets_its_response_once_the_end_of_the_first_attempt_is_announced()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        receiver.Hold();
        Task<Reply> publish = _server.SendAsync(HttpMethod.Post, $"/api/hooks/publish/{hook.Type}", "{}");
        await receiver.NextAsync();
        await _clock.TimerAsync(Wait);
        DeliveryRecord delivery = await hook.DeliveryAsync();
        Assert.False(publish.IsCompleted);

        Feed.Announce(new Change.FirstAttemptsEnded([(delivery.Event, delivery.Id)]));

        Assert.Equal(200, (await publish.InTimeAsync()).Code);
        Assert.Empty(await hook.AttemptsAsync());
        receiver.Release();
    }

    private async Task<int> StatusAsync(string token) => (await _server.SendAsync(HttpMethod.Get, "/api/hooks", body: null, ("Authorization", $"Bearer {token}"))).Code;
}
