using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>Ordered hooks, and hooks with a limit on their rate.</summary>
public sealed class OrderedTests : DeliveryTest
{
    [Fact]
    public async Task An_ordered_hook_has_one_attempt_in_flight_and_gets_its_events_in_order()
    {
        HookUnderTest hook = await AddAsync(record => record with { Ordered = true });
        Receiver.Hold();
        for (int i = 0; i < 600; i++)
        {
            await hook.PublishSoonAsync($"{i}");
        }

        Assert.Equal("0", (await Receiver.NextAsync()).Text);
        Assert.Equal(1, Receiver.Count);
        Receiver.Release();

        for (int i = 1; i < 600; i++)
        {
            Assert.Equal($"{i}", (await Receiver.NextAsync()).Text);
        }
    }

    [Fact]
    public async Task A_retry_of_an_ordered_hook_holds_back_later_deliveries_even_over_a_restart()
    {
        HookUnderTest hook = await AddAsync(record => record with { Ordered = true });
        Receiver.AnswerNext(new Answer(500), new Answer(500));
        for (int i = 0; i < 5; i++)
        {
            await hook.PublishSoonAsync($"{i}");
        }

        Assert.Equal("0", (await Receiver.NextAsync()).Text);
        await hook.AttemptedAsync(1);
        await hook.PublishAsync("5").InTimeAsync();
        Assert.Equal(1, Receiver.Count);
        Assert.Equal("0", (await Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), Receiver.NextAsync())).Text);
        await hook.AttemptedAsync(2);
        await Server.RestartAsync();

        foreach (string text in (string[])["0", "1", "2", "3", "4", "5"])
        {
            Assert.Equal(text, (await Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(5), Receiver.NextAsync())).Text);
        }
    }

    [Fact]
    public async Task A_hook_past_its_rate_waits_and_does_not_delay_publishers()
    {
        HookUnderTest hook = await AddAsync(record => record with { Rate = 60 });
        for (int i = 0; i < 3; i++)
        {
            await hook.PublishAsync($"{i}").InTimeAsync();
        }

        Assert.Equal("0", (await Receiver.NextAsync()).Text);
        await hook.AttemptedAsync(1);
        Assert.Equal(1, Receiver.Count);
        for (int i = 1; i < 3; i++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(999));
            Assert.Equal(i, Receiver.Count);
            Clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal($"{i}", (await Receiver.NextAsync()).Text);
            await hook.AttemptedAsync(i + 1);
        }

        Assert.All(await hook.DeliveriesAsync(), delivery => Assert.Equal((DeliveryState.Delivered, 1), (delivery.State, delivery.Attempts)));
    }

    private async Task<HookUnderTest> AddAsync(Func<HookRecord, HookRecord> change)
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        await hook.WriteAsync(tables => tables.Hooks.Update(change(tables.Hooks.Find(hook.Number)!)));
        return hook;
    }
}
