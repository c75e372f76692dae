using Nyala.Server;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>How long a publish request waits for the first attempts.</summary>
public sealed class PublishWaitTests : DeliveryTest
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(7);

    private protected override void Configure(NyalaOptions options) => options.Delivery.PublishWait = Wait;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Receiver.Hold();
    }

    [Fact]
    public async Task Publish_responds_when_the_first_attempt_has_ended()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        Task publish = hook.PublishAsync();
        await Receiver.NextAsync();
        await Clock.TimerAsync(Wait);
        Assert.False(publish.IsCompleted);

        Receiver.Release();

        await publish.InTimeAsync();
        Assert.Equal(DeliveryState.Delivered, (await hook.DeliveryAsync()).State);
    }

    [Fact]
    public async Task Publish_responds_after_PublishWait_even_if_no_attempt_has_ended()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        Task publish = hook.PublishAsync();
        await Receiver.NextAsync();
        await Clock.TimerAsync(Wait);

        Clock.Advance(Wait - TimeSpan.FromTicks(1));
        Assert.False(publish.IsCompleted);
        Clock.Advance(TimeSpan.FromTicks(1));

        await publish.InTimeAsync();
        Assert.Empty(await hook.AttemptsAsync());
    }

    [Fact]
    public async Task Publish_with_respond_async_responds_at_once()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);

        await hook.PublishSoonAsync().InTimeAsync();

        await Receiver.NextAsync();
        Assert.Empty(await hook.AttemptsAsync());
    }

    [Theory]
    [InlineData("Paused")]
    [InlineData("Disabled")]
    public async Task Publish_does_not_wait_for_a_paused_or_disabled_hook_and_keeps_its_event(string state)
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        await hook.WriteAsync(tables => tables.Hooks.SetState(hook.Number, Enum.Parse<HookState>(state), null, DateTimeOffset.UnixEpoch));

        await hook.PublishAsync().InTimeAsync();

        Assert.Equal(DeliveryState.Pending, (await hook.DeliveryAsync()).State);
        Receiver.Release();
        await hook.WriteAsync(tables => tables.Hooks.SetState(hook.Number, HookState.Active, null, DateTimeOffset.UnixEpoch));
        await Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(5), Receiver.NextAsync());
        await hook.SettledAsync();
        Assert.Equal(1, Receiver.Count);
    }
}
