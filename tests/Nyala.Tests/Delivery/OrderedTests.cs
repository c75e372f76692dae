using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>A hook that takes one delivery after the other, and one that takes so many in a minute.</summary>
public sealed class OrderedTests : DeliveryTest
{
    [Fact]
    public async Task One_is_in_flight_at_a_time_and_all_come_in_their_order()
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
    public async Task A_retry_holds_back_what_comes_behind_it_also_over_a_restart()
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
    public async Task Past_its_rate_a_hook_waits_and_no_publisher_waits_for_it()
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
