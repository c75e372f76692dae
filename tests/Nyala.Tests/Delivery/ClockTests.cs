using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>A clock that is set forward and back by an hour: nothing is lost, nothing waits for the hour.</summary>
public sealed class ClockTests : DeliveryTest
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Set_back_it_delivers_what_comes_and_what_waits_for_a_retry()
    {
        HookUnderTest hook = await FailedOnceAsync();

        Clock.Set(-Hour);
        await hook.PublishAsync("2").InTimeAsync();
        Assert.Equal("2", (await Receiver.NextAsync()).Text);

        // Five seconds until the watch sees it, five for the retry, and what a busy machine takes; far from the hour.
        await AdvanceAsync(hook, seconds: 600);
        Assert.Equal("1", (await Receiver.NextAsync()).Text);
    }

    [Fact]
    public async Task Set_forward_it_delivers_what_comes_and_what_waits_for_a_retry()
    {
        HookUnderTest hook = await FailedOnceAsync();

        Clock.Set(Hour);
        await hook.PublishAsync("2").InTimeAsync();

        await AdvanceAsync(hook, seconds: 600);
        string[] texts = [(await Receiver.NextAsync()).Text, (await Receiver.NextAsync()).Text];
        Assert.Equal(["1", "2"], texts.Order());
    }

    [Fact]
    public async Task Set_back_between_two_starts_it_goes_on_where_it_was()
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
    public async Task Set_back_it_does_not_hold_a_breaker_for_longer()
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

    /// <summary>A hook with one delivery, which waits for its first retry.</summary>
    private async Task<HookUnderTest> FailedOnceAsync()
    {
        Receiver.AnswerNext(new Answer(500));
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        await hook.PublishAsync("1");
        await Receiver.NextAsync();
        return hook;
    }

    /// <summary>Moves the clock until all is delivered, and no further than so many seconds.</summary>
    private async Task AdvanceAsync(HookUnderTest hook, int seconds)
    {
        DateTimeOffset begun = Clock.GetUtcNow();
        await Clock.AdvanceUntilAsync(TimeSpan.FromMilliseconds(500), hook.SettledAsync().ContinueWith(_ => true, TaskScheduler.Default));
        Assert.InRange((Clock.GetUtcNow() - begun).TotalSeconds, 0, seconds);
    }
}
