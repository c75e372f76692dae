using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Health_shows_the_running_commit_and_the_number_of_queued_writes()
    {
        using var gate = new ManualResetEventSlim();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.Equal(new StoreHealth(StoreFault.None, TimeSpan.Zero, 0), Store.Health);

        Task<bool> first = Store.WriteAsync(_ =>
        {
            begun.SetResult();
            return gate.Wait(Signals.Limit);
        });
        await begun.Task.InTimeAsync();
        Task<string> second = Store.WriteAsync(tables => tables.Sites.Touch("second", Now));
        StoreHealth stuck = Store.Health;
        gate.Set();
        await Task.WhenAll(first, second);

        Assert.Equal((StoreFault.None, 1), (stuck.Fault, stuck.Queued));
        Assert.True(stuck.Busy > TimeSpan.Zero);
        Assert.Equal(new StoreHealth(StoreFault.None, TimeSpan.Zero, 0), Store.Health);
    }

    [Fact]
    public async Task A_probe_leaves_no_site_behind()
    {
        await WriteAsync(tables => tables.Probe());
        await WriteAsync(tables => tables.Probe());

        Assert.Null(await ReadAsync(tables => tables.Sites.Find("")));
    }

    [Fact]
    public async Task Pending_deliveries_are_counted_up_to_a_limit()
    {
        await WriteAsync(tables =>
        {
            Deliver(tables, 1, Now);
            Deliver(tables, 2, Now.AddDays(1));
            Deliver(tables, 3, Now, hook: HookId + 1);
            Deliver(tables, 4, Now);
            tables.RecordOutcome(4, DeliveryState.Delivered, Now, spent: true, null);
        });

        Assert.Equal((3, 2), await ReadAsync(tables => (tables.Queue.Count(10), tables.Queue.Count(2))));
    }

    [Fact]
    public async Task Hooks_are_counted_by_state_up_to_a_limit()
    {
        foreach (long id in (long[])[1, 2, 3])
        {
            await AddAsync(Hook(id));
        }

        await WriteAsync(tables => tables.Hooks.SetState(2, HookState.Paused, null, Now));

        IReadOnlyDictionary<HookState, int> all = await ReadAsync(tables => tables.Hooks.CountByState(10));
        IReadOnlyDictionary<HookState, int> some = await ReadAsync(tables => tables.Hooks.CountByState(1));
        Assert.Equal("Active 2, Paused 1, Disabled 0, Gone 0", string.Join(", ", all.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}")));
        Assert.Equal("Active 1, Paused 1, Disabled 0, Gone 0", string.Join(", ", some.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}")));
    }
}
