using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>The circuit breaker of a hook whose receiver keeps failing.</summary>
public sealed class BreakerTests : DeliveryTest
{
    [Fact]
    public async Task An_open_breaker_holds_deliveries_without_attempts_and_does_not_delay_publishers()
    {
        HookUnderTest hook = await OpenAsync();

        await hook.PublishAsync("6").InTimeAsync();
        await hook.PublishAsync("7").InTimeAsync();

        Assert.Equal(5, Receiver.Count);
        Assert.Equal([0, 0], (await hook.DeliveriesAsync()).Skip(5).Select(delivery => delivery.Attempts));
    }

    [Fact]
    public async Task The_delivery_due_first_is_the_probe_and_its_success_releases_all_deliveries()
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
    public async Task A_failed_probe_counts_as_an_attempt_and_doubles_the_wait_for_the_next_probe()
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
    public async Task An_open_breaker_stays_open_after_a_restart()
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
    public async Task A_hook_is_disabled_after_five_days_of_failures_and_HookDisabled_is_sent()
    {
        await using Receiver listener = await Receiver.StartAsync();
        await Server.SubscribeAsync(listener.Url, "HookDisabled");
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        Receiver.AnswerAlways(500);
        await hook.PublishAsync("1");

        // The retry schedule ends after two days, so a failure after the fifth day needs a second event.
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
        Assert.Contains("The receiver responded with InternalServerError.", told.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("callback", told.Text, StringComparison.Ordinal);
        Assert.Equal("disabled", (await hook.ReadAsync())["state"]);
        int sent = Receiver.Count;
        await hook.PublishAsync("3").InTimeAsync();
        Assert.Equal(sent, Receiver.Count);
        Assert.Equal([DeliveryState.Failed, DeliveryState.Pending, DeliveryState.Pending], (await hook.DeliveriesAsync()).Select(delivery => delivery.State));
    }

    /// <summary>Adds a hook and fails five events, so that its breaker has just opened.</summary>
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
