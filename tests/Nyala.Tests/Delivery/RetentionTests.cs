using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>What the pruner fails or deletes after its time, and what it keeps.</summary>
public sealed class RetentionTests : DeliveryTest
{
    [Fact]
    public async Task Ended_deliveries_are_deleted_after_thirty_days_and_their_hook_stays()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        for (int i = 0; i < 450; i++)
        {
            await hook.PublishSoonAsync();
        }

        await hook.SettledAsync();
        Clock.Advance(TimeSpan.FromDays(29));
        await hook.PublishAsync("1");
        await Clock.AdvanceUntilAsync(TimeSpan.FromHours(1), UntilAsync(hook, deliveries => deliveries.Count == 1));

        Assert.True(Clock.GetUtcNow() - SignalClock.Beginning >= TimeSpan.FromDays(30));
        Assert.Equal(("OK", "1"), ((await hook.ReadAsync())["last_status"], (await hook.ReadAsync())["last_context"]));
    }

    [Fact]
    public async Task A_delivery_held_for_a_week_fails_as_expired_and_is_not_sent_after_the_resume()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        await hook.WriteAsync(tables => tables.Hooks.SetState(hook.Number, HookState.Paused, null, Clock.GetUtcNow()));
        await hook.PublishAsync("1");

        Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(5));
        Assert.Equal(DeliveryState.Pending, (await hook.DeliveryAsync()).State);
        await Clock.AdvanceUntilAsync(TimeSpan.FromMinutes(5), UntilAsync(hook, deliveries => deliveries[0].State == DeliveryState.Failed));

        Assert.Contains("Delivery:Life", (await hook.DeliveryAsync()).Reason, StringComparison.Ordinal);
        await hook.WriteAsync(tables => tables.Hooks.SetState(hook.Number, HookState.Active, null, Clock.GetUtcNow()));
        await hook.PublishAsync("2");
        Assert.Equal("2", (await Receiver.NextAsync()).Text);
        Assert.Equal(1, Receiver.Count);
    }

    [Fact]
    public async Task A_hook_whose_receiver_is_gone_is_deleted_after_thirty_days()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        Receiver.AnswerNext(new Answer(410));
        await hook.PublishAsync();
        Assert.Equal("gone", (await hook.ReadAsync())["state"]);

        await Clock.AdvanceUntilAsync(TimeSpan.FromHours(1), GoneAsync());

        Assert.True(Clock.GetUtcNow() - SignalClock.Beginning >= TimeSpan.FromDays(30));

        async Task<bool> GoneAsync()
        {
            using var limit = new CancellationTokenSource(Signals.Limit);
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while ((await hook.ReadAsync()).Code != 404)
            {
                await look.WaitForNextTickAsync(limit.Token);
            }

            return true;
        }
    }

    private static async Task<bool> UntilAsync(HookUnderTest hook, Func<IReadOnlyList<DeliveryRecord>, bool> reached)
    {
        using var limit = new CancellationTokenSource(Signals.Limit);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!reached(await hook.DeliveriesAsync()))
        {
            await look.WaitForNextTickAsync(limit.Token);
        }

        return true;
    }
}
