using Microsoft.Extensions.Time.Testing;
using Nyala.Server.Storage;

namespace Nyala.Tests.Storage;

public abstract partial class StoreConformance
{
    private readonly FakeTimeProvider _clock = new(Now);
    private readonly IdSource _ids = new(new FakeTimeProvider(Now));

    [Fact]
    public async Task Accept_writes_the_events_and_a_delivery_for_each_hook_that_matches()
    {
        await AddAsync(Hook(1));
        await AddAsync(Hook(2) with { Event = "*", Filter = "yes" });
        await AddAsync(Hook(3) with { Filter = "no" });
        await AddAsync(Hook(4) with { State = HookState.Paused });
        await AddAsync(Hook(5) with { State = HookState.Gone });
        await AddAsync(Hook(6) with { Event = "Other" });

        IReadOnlyList<AcceptResult> results = await AcceptAsync(Event(100), Event(101) with { Type = "Nobody", Site = "shop" });

        Assert.Equal((AcceptOutcome.Accepted, 100, Now), (results[0].Outcome, results[0].Event, results[0].Accepted));
        Assert.Equal([1, 2, 4], results[0].Deliveries.Select(delivery => delivery.Hook.Id));
        Assert.Equal([HookState.Active, HookState.Active, HookState.Paused], results[0].Deliveries.Select(delivery => delivery.Hook.State));
        Assert.Equal([2], results[1].Deliveries.Select(delivery => delivery.Hook.Id));
        foreach (AcceptedDelivery delivery in results[0].Deliveries)
        {
            Assert.Equal(new DeliveryRecord(delivery.Id, 100, delivery.Hook.Id, DeliveryState.Pending, 0, Now, Now, null), await ReadAsync(tables => tables.Deliveries.Find(delivery.Id)));
        }

        Assert.Equal([1, 2, 3], await ReadAsync(tables => new List<int> { tables.Queue.Count(1), tables.Queue.Count(2), tables.Queue.Count(3) }));
        Assert.Equal(new EventHead(101, "Nobody", "shop", null, Now), await ReadAsync(tables => tables.Events.FindHead(101)));
        Assert.Equal((3, 0), await ReadAsync(tables => tables.Deliveries.CountOfEvent(100)));
    }

    [Fact]
    public async Task The_log_tail_of_an_event_is_stored_if_a_hook_that_receives_it_asks_for_lines()
    {
        var asked = new List<int>();
        EventToAccept WithTail(long id) => Event(id) with
        {
            LogTail = lines =>
            {
                asked.Add(lines);
                return "[\"last\"]";
            },
        };
        await AddAsync(Hook(1));
        await AddAsync(Hook(2) with { Event = "Other", LogLines = 50 });
        await AddAsync(Hook(3) with { Filter = "no", LogLines = 60 });
        AcceptResult none = Assert.Single(await AcceptAsync(WithTail(100)));
        await AddAsync(Hook(4) with { LogLines = 7 });
        await AddAsync(Hook(5) with { Format = "slack", LogLines = 15 });
        await AddAsync(Hook(6) with { Format = "slack" });

        AcceptResult some = Assert.Single(await AcceptAsync(WithTail(101)));

        Assert.Equal((null, "[\"last\"]"), (none.LogTail, some.LogTail));
        Assert.Equal([15], asked);
        Assert.Equal([0, 7, 15, 0], some.Deliveries.Select(delivery => delivery.Hook.LogLines));
        Assert.Equal((null, "[\"last\"]"), await ReadAsync(tables => (tables.Events.Find(100)!.LogTail, tables.Events.Find(101)!.LogTail)));
        LanePage without = await ReadAsync(tables => tables.Queue.ReadPage(new LaneQuery(1, Now, new HashSet<long>(), 9, 9999)));
        LanePage with = await ReadAsync(tables => tables.Queue.ReadPage(new LaneQuery(4, Now, new HashSet<long>(), 9, 9999)));
        Assert.Equal([null, null], without.Due.Select(delivery => delivery.LogTail));
        Assert.Equal("[\"last\"]", Assert.Single(with.Due).LogTail);
    }

    [Fact]
    public async Task The_deliveries_of_an_event_have_consecutive_ids_and_are_found_by_their_event()
    {
        foreach (int id in Enumerable.Range(1, 5))
        {
            await AddAsync(Hook(id));
        }

        IReadOnlyList<AcceptResult> results = await AcceptAsync(Event(100), Event(101), Event(102));

        List<long> ids = [.. results.SelectMany(result => result.Deliveries.Select(delivery => delivery.Id))];
        Assert.Equal(Enumerable.Range(0, 15).Select(place => ids[0] + (place * IdSource.Stride)), ids);
        Page<DeliveryRecord> found = await ReadAsync(tables => tables.Deliveries.Search(new DeliveryQuery { Event = 101, Limit = 9 }));
        Assert.Equal(ids[5..10].OrderDescending(), found.Entries.Select(delivery => delivery.Id));
        found = await ReadAsync(tables => tables.Deliveries.Search(new DeliveryQuery { Event = 101, Before = ids[7], Limit = 1 }));
        Assert.Equal((ids[6], ids[6]), (Assert.Single(found.Entries).Id, found.Next));
    }

    [Theory]
    [InlineData(50, 50_000)]
    [InlineData(51, 0)]
    public async Task Events_with_more_than_50000_deliveries_together_are_not_written(int hooks, int written)
    {
        foreach (int id in Enumerable.Range(1, hooks))
        {
            await AddAsync(Hook(id));
        }

        // A filter that does not match keeps a hook from counting.
        await AddAsync(Hook(hooks + 1) with { Filter = "no" });

        IReadOnlyList<AcceptResult> results = await AcceptAsync([.. Enumerable.Range(1000, 1000).Select(id => Event(id))]);

        Assert.Equal(1000, results.Count);
        Assert.All(results, result => Assert.Equal(written > 0 ? AcceptOutcome.Accepted : AcceptOutcome.TooManyDeliveries, result.Outcome));
        Assert.Equal(written, await ReadAsync(tables => tables.Queue.Count(100_000)));
        Assert.Equal(written > 0, await ReadAsync(tables => tables.Events.FindHead(1000)) is not null);
    }

    [Fact]
    public async Task An_event_that_fails_with_the_decision_around_it_is_not_written()
    {
        await AddAsync(Hook(1));

        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.WriteAsync<bool>(tables =>
        {
            tables.Sites.Touch("lost", Now);
            tables.Queue.Accept([Event(100)], _ids, _clock);
            throw new InvalidOperationException("The decision fails.");
        }));

        Assert.Equal((0, null, null), await ReadAsync(tables => (tables.Queue.Count(9), tables.Events.FindHead(100), tables.Sites.Find("lost")?.Name)));
    }

    [Fact]
    public async Task An_event_with_a_used_key_is_not_written_until_the_key_expires()
    {
        await AddAsync(Hook(1));
        var key = new EventKey("k", [1, 2], TimeSpan.FromHours(24));

        AcceptResult first = Assert.Single(await AcceptAsync(Event(100) with { Key = key }));
        IReadOnlyList<AcceptResult> others = await AcceptAsync(
            Event(101) with { Key = key }, Event(102) with { Key = key with { Digest = [3] } }, Event(103) with { Key = key, Site = "shop" });
        _clock.Advance(key.Life);
        AcceptResult last = Assert.Single(await AcceptAsync(Event(104) with { Key = key }));

        Assert.Equal((AcceptOutcome.Accepted, 100), (first.Outcome, first.Event));
        Assert.Equal(
            [(AcceptOutcome.Replayed, 100L, 0), (AcceptOutcome.Mismatch, 100L, 0), (AcceptOutcome.Accepted, 103L, 1)],
            others.Select(other => (other.Outcome, other.Event, other.Deliveries.Count)));
        Assert.Equal((AcceptOutcome.Accepted, 104), (last.Outcome, last.Event));
        Assert.Null(await ReadAsync(tables => tables.Events.FindHead(101)));
    }

    [Fact]
    public async Task Of_concurrent_events_with_one_key_only_one_is_written()
    {
        await AddAsync(Hook(1));
        using var gate = new ManualResetEventSlim();
        Task<bool> first = Store.WriteAsync(_ => gate.Wait(TimeSpan.FromSeconds(30)));
        var key = new EventKey("k", [1], TimeSpan.FromHours(24));
        Task<IReadOnlyList<AcceptResult>>[] racing = [.. Enumerable.Range(0, 20).Select(i => AcceptAsync(Event(100 + i) with { Key = key }))];

        // A write of the same commit fails, so that all of them run again.
        Task<bool> failing = Store.WriteAsync<bool>(_ => throw new InvalidOperationException("x"));
        gate.Set();
        await first;
        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        AcceptResult[] results = [.. (await Task.WhenAll(racing)).Select(results => results[0])];

        AcceptResult winner = Assert.Single(results, result => result.Outcome == AcceptOutcome.Accepted);
        Assert.All(results, result => Assert.Equal(winner.Event, result.Event));
        Assert.Equal((1, 1), await ReadAsync(tables => (tables.Queue.Count(9), tables.Events.Search(new EventQuery { Limit = 9 }).Entries.Count)));
    }

    [Fact]
    public async Task Settle_writes_attempts_and_states_and_the_health_of_the_hook()
    {
        await AddAsync(Hook(1));
        AcceptedDelivery[] deliveries = [.. (await AcceptAsync(Event(100), Event(101), Event(102))).SelectMany(result => result.Deliveries)];
        var last = new LastAttempt("NotFound", "No.", Now.AddSeconds(3), 102);
        var health = new HookHealth(1, Now, Now.AddSeconds(9), 0);

        IReadOnlySet<LaneId> fenced = await Store.SettleAsync(
        [
            End(deliveries[0], DeliveryState.Delivered, 200) with { Last = last with { Status = "OK" } },
            End(deliveries[1], DeliveryState.Failed, 500) with { Reason = "Over." },
            End(deliveries[2], DeliveryState.Pending, 404) with { Due = Now.AddSeconds(5), Last = last, Health = health },
        ]);

        Assert.Empty(fenced);
        Assert.Equal(
            [(DeliveryState.Delivered, 1, null), (DeliveryState.Failed, 1, "Over."), (DeliveryState.Pending, 1, (string?)null)],
            await ReadAsync(tables => deliveries.Select(one => tables.Deliveries.Find(one.Id)!).Select(found => (found.State, found.Attempts, found.Reason)).ToList()));
        Assert.Equal([200, 500, 404], await ReadAsync(tables => deliveries.Select(one => Assert.Single(tables.Deliveries.Attempts(one.Id)).Status!.Value).ToList()));
        Assert.Equal([200, 500, 404], await ReadAsync(tables => deliveries.Select(one => tables.Deliveries.LastAttempt(one.Id)!.Status!.Value).ToList()));
        HookRecord hook = (await ReadAsync(tables => tables.Hooks.Find(1)))!;
        Assert.Equal((last, health), (hook.Last, hook.Health));
        LanePage page = await Store.ReadPageAsync(new LaneQuery(1, Now.AddSeconds(4), None, 9, NoLimit));
        Assert.Equal((0, true, Now.AddSeconds(5)), (page.Due.Count, page.Whole, page.NextDue));
        DueDelivery retry = Assert.Single((await Store.ReadPageAsync(new LaneQuery(1, Now.AddSeconds(5), None, 9, NoLimit))).Due);
        Assert.Equal((deliveries[2].Id, 1, 2), (retry.Id, retry.Spent, retry.AttemptNumber));
    }

    [Fact]
    public async Task A_first_attempt_is_read_as_it_was_written_whether_it_succeeded_or_not()
    {
        await AddAsync(Hook(1));
        AcceptedDelivery[] deliveries = [.. (await AcceptAsync(Event(100), Event(101))).SelectMany(result => result.Deliveries)];
        AttemptRecord success = Attempt(deliveries[0], 200) with { Answer = [1, 0, 2], Request = "A: b\n", AnswerHeaders = "C: d\n", Times = Times };
        AttemptRecord failure = success with { Delivery = deliveries[1].Id, Status = 500, Reason = "No." };

        await Store.SettleAsync(
        [
            End(deliveries[0], DeliveryState.Delivered, 200) with { Attempt = success },
            End(deliveries[1], DeliveryState.Failed, 500) with { Attempt = failure },
        ]);

        foreach (AttemptRecord written in (AttemptRecord[])[success, failure])
        {
            AttemptRecord read = Assert.Single(await ReadAsync(tables => tables.Deliveries.Attempts(written.Delivery)));
            Assert.Equal(written with { Answer = null }, read with { Answer = null });
            Assert.Equal(written.Answer, read.Answer);
        }
    }

    [Fact]
    public async Task The_attempts_of_a_requeued_delivery_follow_its_first_success()
    {
        await AddAsync(Hook(1));
        AcceptedDelivery delivery = (await AcceptAsync(Event(100)))[0].Deliveries[0];
        await Store.SettleAsync([End(delivery, DeliveryState.Delivered, 200)]);

        Assert.True(await Store.WriteAsync(tables => tables.Queue.Requeue(delivery.Id, Now.AddHours(1))));
        DueDelivery due = Assert.Single((await Store.ReadPageAsync(new LaneQuery(1, Now.AddHours(1), None, 9, NoLimit))).Due);
        await Store.SettleAsync(
            [End(delivery, DeliveryState.Delivered, 201) with { WasDue = due.Due, Attempt = Attempt(delivery, 201) with { Number = due.AttemptNumber } }]);

        Assert.Equal([(1, 200), (2, 201)], await ReadAsync(tables => tables.Deliveries.Attempts(delivery.Id).Select(attempt => (attempt.Number, attempt.Status!.Value)).ToList()));
        Assert.Equal(201, (await ReadAsync(tables => tables.Deliveries.LastAttempt(delivery.Id)))!.Status);
        Assert.Equal(0, await ReadAsync(tables => tables.Queue.Count(9)));
    }

    [Fact]
    public async Task The_later_of_two_attempts_with_the_number_of_a_first_success_replaces_it()
    {
        await AddAsync(Hook(1));
        AcceptedDelivery delivery = (await AcceptAsync(Event(100)))[0].Deliveries[0];

        await Store.SettleAsync([End(delivery, DeliveryState.Delivered, 200)]);
        await Store.SettleAsync([End(delivery, DeliveryState.Failed, 500)]);

        AttemptRecord attempt = Assert.Single(await ReadAsync(tables => tables.Deliveries.Attempts(delivery.Id)));
        Assert.Equal((1, 500), (attempt.Number, attempt.Status));
        Assert.Equal(DeliveryState.Delivered, (await ReadAsync(tables => tables.Deliveries.Find(delivery.Id)))!.State);
    }

    [Fact]
    public async Task Nothing_of_an_older_lane_is_written()
    {
        await AddAsync(Hook(1));
        await AddAsync(Hook(2));
        AcceptedDelivery[] deliveries = [.. (await AcceptAsync(Event(100)))[0].Deliveries];
        long epoch = (await Store.WriteAsync(tables => tables.Hooks.NextEpoch(1)))!.Value;

        IReadOnlySet<LaneId> fenced = await Store.SettleAsync(
        [
            End(deliveries[0], DeliveryState.Failed, 500) with
            {
                Epoch = epoch - 1, Last = new LastAttempt("X", null, Now, 100), Health = Failing, GoneReason = "Gone.", Rendered = new RenderedBody("text/plain", [1]),
            },
            End(deliveries[0], DeliveryState.Delivered, 200) with { Epoch = epoch },
            End(deliveries[1], DeliveryState.Delivered, 200),
        ]);

        Assert.Equal([new LaneId(1, epoch - 1)], fenced);
        Assert.Equal([DeliveryState.Delivered, DeliveryState.Delivered], await ReadAsync(tables => deliveries.Select(one => tables.Deliveries.Find(one.Id)!.State).ToList()));
        HookRecord hook = (await ReadAsync(tables => tables.Hooks.Find(1)))!;
        Assert.Equal((HookState.Active, null, default), (hook.State, hook.Last, hook.Health));
        Assert.Equal(200, Assert.Single(await ReadAsync(tables => tables.Deliveries.Attempts(deliveries[0].Id))).Status);
        Assert.Null(await ReadAsync(tables => tables.Rendered.Find(deliveries[0].Id)));
    }

    [Fact]
    public async Task The_outcomes_of_a_removed_hook_are_written()
    {
        await AddAsync(Hook(1));
        AcceptedDelivery delivery = (await AcceptAsync(Event(100)))[0].Deliveries[0];
        await Store.WriteAsync(tables => tables.Hooks.Remove(1));

        Assert.Empty(await Store.SettleAsync([End(delivery, DeliveryState.Delivered, 200) with { Epoch = 7 }]));

        Assert.Equal(DeliveryState.Delivered, (await ReadAsync(tables => tables.Deliveries.Find(delivery.Id)))!.State);
        Assert.Equal(200, Assert.Single(await ReadAsync(tables => tables.Deliveries.Attempts(delivery.Id))).Status);
    }

    [Fact]
    public async Task An_outcome_whose_due_time_was_moved_meanwhile_is_written_and_leaves_the_queue()
    {
        await AddAsync(Hook(1));
        AcceptedDelivery delivery = (await AcceptAsync(Event(100)))[0].Deliveries[0];
        await Store.WriteAsync(tables => tables.Queue.ShiftDueTimes(TimeSpan.FromHours(1), Now.AddTicks(-1)));

        await Store.SettleAsync([End(delivery, DeliveryState.Delivered, 200)]);

        Assert.Equal((DeliveryState.Delivered, 0), await ReadAsync(tables => (tables.Deliveries.Find(delivery.Id)!.State, tables.Queue.Count(9))));
    }

    [Fact]
    public async Task Of_two_concurrent_ends_of_a_delivery_the_first_one_counts_and_both_attempts_are_recorded()
    {
        await AddAsync(Hook(1));
        AcceptedDelivery delivery = (await AcceptAsync(Event(100)))[0].Deliveries[0];
        using var gate = new ManualResetEventSlim();
        Task<bool> first = Store.WriteAsync(_ => gate.Wait(TimeSpan.FromSeconds(30)));
        Task<int> gone = Store.WriteAsync(tables => tables.Queue.EndAsGone(1, "Removed.", Now.AddSeconds(1), 9));
        Task settled = Store.SettleAsync([End(delivery, DeliveryState.Pending, 500) with { Due = Now.AddSeconds(5) }]);
        gate.Set();
        await Task.WhenAll(first, gone, settled);

        Assert.Equal(1, await gone);
        Assert.Equal((DeliveryState.Gone, 0), await ReadAsync(tables => (tables.Deliveries.Find(delivery.Id)!.State, tables.Queue.Count(9))));
        Assert.Equal(500, Assert.Single(await ReadAsync(tables => tables.Deliveries.Attempts(delivery.Id))).Status);
    }

    [Fact]
    public async Task A_hook_that_is_gone_is_set_gone_with_its_outcome()
    {
        await AddAsync(Hook(1));
        AcceptedDelivery delivery = (await AcceptAsync(Event(100)))[0].Deliveries[0];

        await Store.SettleAsync([End(delivery, DeliveryState.Gone, 410) with { GoneReason = "The receiver said so." }]);

        HookRecord hook = (await ReadAsync(tables => tables.Hooks.Find(1)))!;
        Assert.Equal((HookState.Gone, "The receiver said so."), (hook.State, hook.StateReason));
        Assert.Empty((await AcceptAsync(Event(101)))[0].Deliveries);
        LanePage page = await Store.ReadPageAsync(new LaneQuery(1, Now, None, 9, NoLimit));
        Assert.Equal((HookState.Gone, 0, true, null), (page.Hook!.State, page.Due.Count, page.Whole, page.NextDue));
    }

    private static EventToAccept Event(long id) => new(id, "PostDeployment", "default", [1, 2]) { Matches = filter => filter == "yes" };

    private static AttemptRecord Attempt(AcceptedDelivery delivery, int status) =>
        new(delivery.Id, 1, Now, TimeSpan.FromMilliseconds(3), status, null, null, null, null, default);

    private static Settlement End(AcceptedDelivery delivery, DeliveryState state, int status) =>
        new(delivery.Hook.Id, Epoch: 0, delivery.Id, Now, state, Now.AddSeconds(2), Attempt(delivery, status), Spent: true, Reason: null);

    private Task<IReadOnlyList<AcceptResult>> AcceptAsync(params EventToAccept[] events) => Store.AcceptAsync(events, _ids, _clock);
}
