using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>The machine's clock is set forward or back by an hour: no delivery is lost, and none waits for that hour.</summary>
public sealed class ClockTests : DeliveryTest
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task New_events_and_retries_are_delivered_after_the_clock_is_set_back()
    {
        HookUnderTest hook = await FailedOnceAsync();

        Clock.Set(-Hour);
        await hook.PublishAsync("2").InTimeAsync();
        Assert.Equal("2", (await Receiver.NextAsync()).Text);

        // The clock watch needs five seconds and the retry five more. The rest is a reserve for a busy machine, still far below an hour.
        await AdvanceAsync(hook, seconds: 600);
        Assert.Equal("1", (await Receiver.NextAsync()).Text);
    }

    [Fact]
    public async Task New_events_and_retries_are_delivered_after_the_clock_is_set_forward()
    {
        HookUnderTest hook = await FailedOnceAsync();

        Clock.Set(Hour);
        await hook.PublishAsync("2").InTimeAsync();

        await AdvanceAsync(hook, seconds: 600);
        string[] texts = [(await Receiver.NextAsync()).Text, (await Receiver.NextAsync()).Text];
        Assert.Equal(["1", "2"], texts.Order());
    }

    [Fact]
    public async Task Deliveries_continue_if_the_clock_is_set_back_while_the_server_is_stopped()
    {
        HookUnderTest hook = await FailedOnceAsync();
        await Server.StopAsync();
        Clock.Set(-Hour);
        await Server.StartAgainAsync();

        await hook.PublishAsync("2").InTimeAsync();
        Assert.Equal("2", (await Receiver.NextAsync()).Text);
        await AdvanceAsync(hook, seconds: 600);

        Assert.Equal("1", (await Receiver.NextAsync()).Text);
        IReadOnlyList<DeliveryRecord> deliveries = await hook.DeliveriesAsync();
        Assert.True(deliveries[1].Id > deliveries[0].Id);
    }

    [Fact]
    public async Task Setting_the_clock_back_does_not_prolong_an_open_breaker()
    {
        HookUnderTest hook = await FailedOnceAsync();
        Receiver.AnswerAlways(500);
        for (int i = 2; i <= 5; i++)
        {
            await hook.PublishAsync($"{i}");
            await Receiver.NextAsync();
        }

        Receiver.AnswerAlways(200);
        Clock.Set(-Hour);
        await AdvanceAsync(hook, seconds: 600);
    }

    /// <summary>Returns a hook with one delivery, which waits for its first retry.</summary>
    private async Task<HookUnderTest> FailedOnceAsync()
    {
        Receiver.AnswerNext(new Answer(500));
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        await hook.PublishAsync("1");
        await Receiver.NextAsync();
        return hook;
    }

    /// <summary>Advances the clock until no delivery is pending. Fails if that takes more than <paramref name="seconds"/>.</summary>
    private async Task AdvanceAsync(HookUnderTest hook, int seconds)
    {
        DateTimeOffset begun = Clock.GetUtcNow();
        await Clock.AdvanceUntilAsync(TimeSpan.FromMilliseconds(500), hook.SettledAsync().ContinueWith(_ => true, TaskScheduler.Default));
        Assert.InRange((Clock.GetUtcNow() - begun).TotalSeconds, 0, seconds);
    }
}
