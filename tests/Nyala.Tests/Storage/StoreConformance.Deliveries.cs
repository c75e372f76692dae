using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Storage;

public abstract partial class StoreConformance
{
    private const long HookId = 7;
    private const long NoLimit = long.MaxValue;

    private static readonly AttemptTimes Times =
        new(TimeSpan.FromTicks(1), TimeSpan.FromTicks(2), TimeSpan.FromTicks(3), TimeSpan.FromMilliseconds(4));

    private static readonly IReadOnlySet<long> None = new HashSet<long>();

    [Fact]
    public async Task An_event_is_read_as_it_was_written_byte_for_byte()
    {
        EventRecord[] events = [new(1, "A", "Shop", [0, 255, 10], Now), new(2, "B", "default", [], Now, "abc", "00-1-2-01", 3)];
        await WriteAsync(tables => Array.ForEach(events, tables.Events.Insert));

        foreach (EventRecord accepted in events)
        {
            EventRecord? found = await ReadAsync(tables => tables.Events.Find(accepted.Id));
            Assert.Equal(accepted, found! with { Body = accepted.Body });
            Assert.Equal(accepted.Body, found.Body);
            Assert.Equal(accepted.Body, await ReadAsync(tables => tables.Events.Body(accepted.Id)));
        }

        Assert.Equal((null, null), await ReadAsync(tables => (tables.Events.Find(3), tables.Events.Body(3))));
    }

    [Fact]
    public async Task Due_deliveries_are_read_oldest_first_with_their_event()
    {
        await WriteAsync(tables =>
        {
            Deliver(tables, 1, Now.AddSeconds(-1));
            Deliver(tables, 2, Now.AddSeconds(-3));
            Deliver(tables, 4, Now.AddSeconds(-2));
            Deliver(tables, 3, Now.AddSeconds(-2));
            Deliver(tables, 5, Now);
            Deliver(tables, 6, Now.AddTicks(1));
            Deliver(tables, 8, Now.AddSeconds(-9), hook: HookId + 1);
        });

        IReadOnlyList<DueDelivery> due = await ReadAsync(tables => tables.Due(HookId, Now, None, 100, NoLimit));

        Assert.Equal([2, 3, 4, 1, 5], due.Select(delivery => delivery.Id));
        Assert.Equal((2, "Type-2", 0, 0, Now.AddSeconds(-3), Now.AddSeconds(-3)), (due[0].Event, due[0].Type, due[0].Spent, due[0].Free, due[0].Due, due[0].Begun));
        Assert.Equal(new byte[10], due[0].Body);
    }

    [Theory]
    [InlineData(0, NoLimit, "")]
    [InlineData(2, NoLimit, "1,3")]
    [InlineData(100, 1, "1")]
    [InlineData(100, 10, "1")]
    [InlineData(100, 11, "1,3")]
    [InlineData(100, NoLimit, "1,3,4")]
    public async Task A_page_of_due_deliveries_is_limited_and_omits_known_ones(int limit, long bytes, string ids)
    {
        await WriteAsync(tables =>
        {
            for (int id = 1; id <= 4; id++)
            {
                Deliver(tables, id, Now);
            }
        });

        IReadOnlyList<DueDelivery> due = await ReadAsync(tables => tables.Due(HookId, Now, new HashSet<long> { 2 }, limit, bytes));

        Assert.Equal(ids, string.Join(',', due.Select(delivery => delivery.Id)));
    }

    [Fact]
    public async Task NextDue_returns_the_first_due_time_after_now()
    {
        await WriteAsync(tables =>
        {
            Deliver(tables, 1, Now);
            Deliver(tables, 2, Now.AddSeconds(20));
            Deliver(tables, 3, Now.AddSeconds(10));
            Deliver(tables, 4, Now.AddSeconds(5));
            tables.RecordOutcome(4, DeliveryState.Failed, Now, spent: true, null);
            Deliver(tables, 5, Now.AddSeconds(1), hook: HookId + 1);
        });

        Assert.Equal(Now.AddSeconds(10), await NextDueAsync(Now));
        Assert.Equal(Now.AddSeconds(20), await NextDueAsync(Now.AddSeconds(10)));
        Assert.Null(await NextDueAsync(Now.AddSeconds(20)));

        Task<DateTimeOffset?> NextDueAsync(DateTimeOffset now) => ReadAsync(tables => tables.Queue.ReadPage(new LaneQuery(HookId, now, None, 9, NoLimit)).NextDue);
    }

    [Fact]
    public async Task A_delivery_with_a_pending_outcome_waits_and_counts_its_attempts()
    {
        await WriteAsync(tables =>
        {
            Deliver(tables, 1, Now);
            tables.RecordOutcome(1, DeliveryState.Pending, Now.AddSeconds(5), spent: true, null);
            tables.RecordOutcome(1, DeliveryState.Pending, Now.AddSeconds(6), spent: false, null);
            tables.RecordOutcome(1, DeliveryState.Pending, Now.AddSeconds(7), spent: true, null);
        });

        Assert.Empty(await ReadAsync(tables => tables.Due(HookId, Now, None, 9, NoLimit)));
        DueDelivery due = Assert.Single(await ReadAsync(tables => tables.Due(HookId, Now.AddSeconds(7), None, 9, NoLimit)));
        Assert.Equal((2, 1, Now.AddSeconds(7), Now), (due.Spent, due.Free, due.Due, due.Begun));
    }

    [Theory]
    [InlineData("Delivered")]
    [InlineData("Failed")]
    [InlineData("Gone")]
    public async Task RecordOutcome_does_not_change_an_ended_delivery(string end)
    {
        DeliveryState state = Enum.Parse<DeliveryState>(end);
        await WriteAsync(tables =>
        {
            Deliver(tables, 1, Now);
            tables.RecordOutcome(1, state, Now.AddSeconds(1), spent: true, null);
            tables.RecordOutcome(1, DeliveryState.Pending, Now, spent: true, null);
        });

        Assert.Equal(new DeliveryRecord(1, 1, HookId, state, 1, Now.AddSeconds(1), Now, null), await ReadAsync(tables => tables.Deliveries.Find(1)));
        Assert.Empty(await ReadAsync(tables => tables.Due(HookId, Now.AddDays(1), None, 9, NoLimit)));
    }

    [Fact]
    public async Task EndAsGone_ends_pending_deliveries_of_a_hook_in_batches_and_returns_their_number()
    {
        await WriteAsync(tables =>
        {
            for (int id = 1; id <= 5; id++)
            {
                Deliver(tables, id, Now.AddSeconds(id));
            }

            tables.RecordOutcome(5, DeliveryState.Delivered, Now, spent: true, null);
            Deliver(tables, 6, Now, hook: HookId + 1);
        });

        Assert.Equal([3, 1, 0], new List<int>
        {
            await Store.WriteAsync(tables => tables.Queue.EndAsGone(HookId, "The hook was removed.", Now.AddSeconds(9), 3)),
            await Store.WriteAsync(tables => tables.Queue.EndAsGone(HookId, "The hook was removed.", Now.AddSeconds(9), 3)),
            await Store.WriteAsync(tables => tables.Queue.EndAsGone(HookId, "The hook was removed.", Now.AddSeconds(9), 3)),
        });
        Assert.Equal(
            [DeliveryState.Gone, DeliveryState.Gone, DeliveryState.Gone, DeliveryState.Gone, DeliveryState.Delivered],
            await ReadAsync(tables => tables.Deliveries.OfHook(HookId, 99).Select(delivery => delivery.State).ToList()));
        Assert.Equal(DeliveryState.Pending, (await ReadAsync(tables => tables.Deliveries.Find(6)))!.State);
        Assert.Equal(
            new DeliveryRecord(1, 1, HookId, DeliveryState.Gone, 0, Now.AddSeconds(9), Now.AddSeconds(1), "The hook was removed."),
            await ReadAsync(tables => tables.Deliveries.Find(1)));
    }

    [Fact]
    public async Task The_deliveries_of_a_hook_are_read_oldest_first_up_to_a_limit()
    {
        await WriteAsync(tables =>
        {
            Deliver(tables, 3, Now);
            Deliver(tables, 1, Now.AddSeconds(9));
            Deliver(tables, 2, Now, hook: HookId + 1);
            Deliver(tables, 4, Now);
        });

        Assert.Equal([1, 3], await ReadAsync(tables => tables.Deliveries.OfHook(HookId, 2).Select(delivery => delivery.Id).ToList()));
    }

    [Fact]
    public async Task Attempts_are_read_in_order_and_a_repeated_number_overwrites_the_earlier_one()
    {
        AttemptRecord second = new(1, 2, Now.AddSeconds(5), TimeSpan.FromTicks(12345), null, "The connection was refused.", null, null, null, default);
        AttemptRecord first = new(1, 1, Now, TimeSpan.FromMilliseconds(3), 500, "No.", [1, 2], "a: b\nc: d", "Server: x", Times);
        await WriteAsync(tables =>
        {
            tables.RecordAttempt(second);
            tables.RecordAttempt(first with { Status = 404, Answer = [9] });
            tables.RecordAttempt(first);
            tables.RecordAttempt(first with { Delivery = 2 });
        });

        IReadOnlyList<AttemptRecord> attempts = await ReadAsync(tables => tables.Deliveries.Attempts(1));

        Assert.Equal([first with { Answer = null }, second], attempts.Select(attempt => attempt with { Answer = null }));
        Assert.Equal([1, 2], attempts[0].Answer);
        Assert.Null(attempts[1].Answer);
    }

    [Fact]
    public async Task HooksWithWork_returns_the_hooks_that_need_a_lane_now()
    {
        await WriteAsync(tables =>
        {
            (long Id, HookState State, DateTimeOffset Due)[] hooks =
            [
                (10, HookState.Active, Now),
                (11, HookState.Active, Now.AddTicks(1)),
                (12, HookState.Paused, Now),
                (13, HookState.Disabled, Now),
                (14, HookState.Gone, Now.AddDays(1)),
                (15, HookState.Active, Now),
                (19, HookState.Active, Now),
            ];
            foreach ((long id, HookState state, DateTimeOffset due) in hooks)
            {
                tables.Hooks.Insert(Hook(id) with { State = state });
                Deliver(tables, id, due, id);
            }

            tables.RecordOutcome(15, DeliveryState.Delivered, Now, spent: true, null);
            tables.Hooks.Insert(Hook(16));
            tables.AddDelivery(17, 17, hook: 17, Now.AddDays(1));
            Deliver(tables, 18, Now, hook: 10);
            tables.Hooks.SetHealth(19, new HookHealth(5, Now, Now.AddTicks(1), 0));
        });

        Assert.Equal([10, 14, 17], (await ReadAsync(tables => tables.Queue.HooksWithWork(Now))).Order());
        Assert.Equal([10, 11, 14, 17, 19], (await ReadAsync(tables => tables.Queue.HooksWithWork(Now.AddSeconds(1)))).Order());
    }

    [Fact]
    public async Task Expire_fails_overdue_deliveries_with_a_reason_in_batches()
    {
        await WriteAsync(tables =>
        {
            Deliver(tables, 1, Now.AddDays(-8));
            Deliver(tables, 2, Now.AddDays(-8), hook: HookId + 1);
            Deliver(tables, 3, Now.AddDays(-7));
            Deliver(tables, 4, Now.AddDays(-8));
            tables.RecordOutcome(4, DeliveryState.Delivered, Now.AddDays(-8), spent: true, null);
        });

        Assert.Equal([1, 1, 0], new List<int>
        {
            await Store.WriteAsync(tables => tables.Queue.Expire(Now.AddDays(-7), Now, "Too old.", 1)),
            await Store.WriteAsync(tables => tables.Queue.Expire(Now.AddDays(-7), Now, "Too old.", 9)),
            await Store.WriteAsync(tables => tables.Queue.Expire(Now.AddDays(-7), Now, "Too old.", 9)),
        });
        Assert.Equal(
            new DeliveryRecord(2, 2, HookId + 1, DeliveryState.Failed, 0, Now, Now.AddDays(-8), "Too old."),
            await ReadAsync(tables => tables.Deliveries.Find(2)));
        Assert.Equal(
            [DeliveryState.Failed, DeliveryState.Pending, DeliveryState.Delivered],
            await ReadAsync(tables => tables.Deliveries.OfHook(HookId, 9).Select(delivery => delivery.State).ToList()));
    }

    [Fact]
    public async Task Old_ended_deliveries_are_deleted_with_their_attempts_and_then_their_events()
    {
        DateTimeOffset old = Now.AddDays(-30);
        long[] ids = [.. Enumerable.Range(0, 5).Select(i => IdSource.At(old.AddDays(-1)) + i)];
        await WriteAsync(tables =>
        {
            foreach (long id in ids)
            {
                Deliver(tables, id, old.AddDays(-1));
                tables.RecordAttempt(new AttemptRecord(id, 1, old, TimeSpan.Zero, 200, null, null, null, null, default));
            }

            tables.RecordOutcome(ids[0], DeliveryState.Delivered, old.AddTicks(-1), spent: true, null);
            tables.RecordOutcome(ids[1], DeliveryState.Failed, old.AddTicks(-1), spent: true, null);
            tables.RecordOutcome(ids[2], DeliveryState.Gone, old.AddTicks(-1), spent: true, null);
            tables.RecordOutcome(ids[3], DeliveryState.Delivered, old, spent: true, null);
            Deliver(tables, IdSource.At(old) + 1, old);
            tables.RecordOutcome(IdSource.At(old) + 1, DeliveryState.Delivered, old, spent: true, null);
        });

        // Each batch continues where the previous one ended, so that rows that stay are examined once.
        Assert.Equal([ids[1], ids[3], null], await WalkAsync((tables, after) => tables.Deliveries.Prune(old, after, 2)));
        Assert.Equal([ids[1], ids[3], null], await WalkAsync((tables, after) => tables.Events.Prune(old, after, 2)));
        Assert.Equal([ids[4], null], await WalkAsync((tables, after) => tables.Events.Prune(old, after, 2)));

        Assert.Equal(
            [false, false, false, true, true],
            await ReadAsync(tables => ids.Select(id => tables.Deliveries.Find(id) is not null && tables.Deliveries.Attempts(id).Count == 1 && tables.Events.Find(id) is not null).ToList()));
        Assert.Equal([0, 0, 0], await ReadAsync(tables => ids.Take(3).Select(id => tables.Deliveries.Attempts(id).Count).ToList()));
        Assert.All(await ReadAsync(tables => ids.Take(3).Select(tables.Events.Find).ToList()), Assert.Null);
    }

    private async Task<List<long?>> WalkAsync(Func<ITables, long, long?> batch)
    {
        var ends = new List<long?> { 0 };
        while (ends[^1] is { } after)
        {
            ends.Add(await Store.WriteAsync(tables => batch(tables, after)));
        }

        return ends[1..];
    }

    [Fact]
    public async Task Due_times_and_holds_can_be_moved_back_in_time()
    {
        await AddAsync(Hook(1));
        await AddAsync(Hook(2));
        await WriteAsync(tables =>
        {
            Deliver(tables, 1, Now.AddHours(1));
            Deliver(tables, 2, Now);
            Deliver(tables, 3, Now.AddHours(1));
            tables.RecordOutcome(3, DeliveryState.Delivered, Now.AddHours(1), spent: true, null);
            tables.Hooks.SetHealth(1, new HookHealth(5, Now, Now.AddHours(1), 0));
            tables.Hooks.SetHealth(2, new HookHealth(5, Now, Now, 0));
            tables.Hooks.ShiftHolds(TimeSpan.FromMinutes(50), Now);
        });

        Assert.Equal(1, await Store.WriteAsync(tables => tables.Queue.ShiftDueTimes(TimeSpan.FromMinutes(50), Now)));

        Assert.Equal(
            [Now.AddMinutes(10), Now, Now.AddHours(1)],
            await ReadAsync(tables => tables.Deliveries.OfHook(HookId, 9).Select(delivery => delivery.Due).ToList()));
        Assert.Equal(
            [Now.AddMinutes(10), Now],
            await ReadAsync(tables => tables.Hooks.All().Where(hook => hook.Id <= 2).Select(hook => hook.Health.HeldUntil!.Value).ToList()));
    }

    [Fact]
    public async Task Newest_returns_the_time_of_the_event_with_the_greatest_id()
    {
        Assert.Null(await ReadAsync(tables => tables.Events.Newest()));
        await WriteAsync(tables =>
        {
            Deliver(tables, 3, Now.AddHours(1));
            Deliver(tables, 2, Now.AddHours(2));
        });

        Assert.Equal(Now.AddHours(1), await ReadAsync(tables => tables.Events.Newest()));
    }

    [Fact]
    public async Task HooksWithWork_is_empty_without_deliveries() => Assert.Empty(await ReadAsync(tables => tables.Queue.HooksWithWork(Now)));

    private static void Deliver(ITables tables, long id, DateTimeOffset due, long hook = HookId)
    {
        if (tables.Hooks.Find(hook) is null)
        {
            tables.Hooks.Insert(Hook(hook));
        }

        tables.Events.Insert(new EventRecord(id, "Type-" + id, "default", new byte[10], due));
        tables.AddDelivery(id, id, hook, due);
    }
}
