using Nyala.Server;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>How long whoever publishes waits for the first attempts.</summary>
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
    public async Task The_answer_comes_when_the_first_attempt_has_ended()
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
    public async Task It_comes_after_the_wait_in_any_case()
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
    public async Task It_comes_at_once_to_a_caller_who_does_not_wait()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);

        await hook.PublishSoonAsync().InTimeAsync();

        await Receiver.NextAsync();
        Assert.Empty(await hook.AttemptsAsync());
    }

    [Theory]
    [InlineData("Paused")]
    [InlineData("Disabled")]
    public async Task A_hook_that_is_held_is_not_waited_for_and_its_event_is_kept(string state)
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
