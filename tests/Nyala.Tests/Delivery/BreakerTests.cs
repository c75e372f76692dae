using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>What becomes of a hook whose receiver fails again and again.</summary>
public sealed class BreakerTests : DeliveryTest
{
    [Fact]
    public async Task While_it_is_open_events_are_held_unspent_and_whoever_publishes_does_not_wait()
    {
        HookUnderTest hook = await OpenAsync();

        await hook.PublishAsync("6").InTimeAsync();
        await hook.PublishAsync("7").InTimeAsync();

        Assert.Equal(5, Receiver.Count);
        Assert.Equal([0, 0], (await hook.DeliveriesAsync()).Skip(5).Select(delivery => delivery.Attempts));
    }

    [Fact]
    public async Task The_oldest_due_delivery_is_the_probe_and_a_success_lets_all_go_out()
    {
        HookUnderTest hook = await OpenAsync();
        await hook.PublishSoonAsync("6");
        Receiver.AnswerAlways(200);

        Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("6", (await Receiver.NextAsync()).Text);
        await Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), hook.SettledAsync().ContinueWith(_ => true, TaskScheduler.Default));
        Assert.All(await hook.DeliveriesAsync(), delivery => Assert.Equal(DeliveryState.Delivered, delivery.State));
        Assert.Equal("active", (await hook.ReadAsync())["state"]);
    }

    [Fact]
    public async Task A_probe_that_fails_counts_as_its_attempt_and_the_next_waits_twice_as_long()
    {
        HookUnderTest hook = await OpenAsync();
        await hook.PublishSoonAsync("6");
        await hook.PublishSoonAsync("7");

        Clock.Advance(TimeSpan.FromSeconds(30));
        await Receiver.NextAsync();
        await hook.AttemptedAsync(6);
        Assert.Equal([1, 0], (await hook.DeliveriesAsync()).Skip(5).Select(delivery => delivery.Attempts));

        Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(6, Receiver.Count);
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Receiver.NextAsync();
        await hook.AttemptedAsync(7);
        Assert.Equal(7, Receiver.Count);
    }

    [Fact]
    public async Task It_is_open_still_after_a_restart()
    {
        HookUnderTest hook = await OpenAsync();
        await hook.PublishSoonAsync("6");

        await Server.RestartAsync();
        await hook.PublishAsync("7").InTimeAsync();

        Assert.Equal(5, Receiver.Count);
        Receiver.AnswerAlways(200);
        await Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(5), Receiver.NextAsync());
    }

    [Fact]
    public async Task After_five_days_of_nothing_but_failures_the_hook_is_disabled_and_whoever_listens_is_told()
    {
        await using Receiver listener = await Receiver.StartAsync();
        await Server.SubscribeAsync(listener.Url, "HookDisabled");
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        Receiver.AnswerAlways(500);
        await hook.PublishAsync("1");

        // Its schedule ends after two days: another event fails at the sixth.
        for (int attempt = 1; attempt <= 10; attempt++)
        {
            Clock.Advance((await hook.DeliveryAsync()).Due - Clock.GetUtcNow());
            await Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), hook.AttemptedAsync(attempt + 1).ContinueWith(_ => true, TaskScheduler.Default));
        }

        await hook.SettledAsync();
        Assert.Equal("active", (await hook.ReadAsync())["state"]);
        Clock.Advance(TimeSpan.FromDays(5));
        await hook.PublishSoonAsync("2");

        Received told = await listener.NextAsync();
        Assert.Equal("HookDisabled", told.Header("Nyala-Event"));
        Assert.Contains($"\"hookId\":\"{hook.Id}\"", told.Text, StringComparison.Ordinal);
        Assert.Contains("The receiver answered 500", told.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("callback", told.Text, StringComparison.Ordinal);
        Assert.Equal("disabled", (await hook.ReadAsync())["state"]);
        int sent = Receiver.Count;
        await hook.PublishAsync("3").InTimeAsync();
        Assert.Equal(sent, Receiver.Count);
        Assert.Equal([DeliveryState.Failed, DeliveryState.Pending, DeliveryState.Pending], (await hook.DeliveriesAsync()).Select(delivery => delivery.State));
    }

    /// <summary>A hook with five failed events, whose breaker has just opened.</summary>
    private async Task<HookUnderTest> OpenAsync()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        Receiver.AnswerAlways(500);
        for (int i = 1; i <= 5; i++)
        {
            await hook.PublishAsync($"{i}");
            await Receiver.NextAsync();
        }

        return hook;
    }
}
