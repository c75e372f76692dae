using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Storage;

public abstract partial class StoreConformance
{
    private const string Other = "other";

    [Fact]
    public async Task Deliveries_are_found_by_each_search_field_newest_first()
    {
        await RecordAsync();

        Assert.Equal("16,15,14,13,12,11", await FoundAsync(new DeliveryQuery { Limit = 9 }));
        Assert.Equal("15,14,13,12,11", await FoundAsync(new DeliveryQuery { Hook = 1, Limit = 9 }));
        Assert.Equal("16,13", await FoundAsync(new DeliveryQuery { Event = 3, Limit = 9 }));
        Assert.Equal("13", await FoundAsync(new DeliveryQuery { Event = 3, Hook = 1, Limit = 9 }));
        Assert.Equal("12,11", await FoundAsync(new DeliveryQuery { Deployment = "abc", Limit = 9 }));
        Assert.Equal("16,15,13,11", await FoundAsync(new DeliveryQuery { Type = "ODD", Limit = 9 }));
        Assert.Equal("15,13,11", await FoundAsync(new DeliveryQuery { Type = "odd", Hook = 1, Limit = 9 }));
        Assert.Equal("16", await FoundAsync(new DeliveryQuery { Site = "OTHER", Limit = 9 }));
        Assert.Equal("16", await FoundAsync(new DeliveryQuery { Site = Other, Event = 3, Limit = 9 }));
        Assert.Equal("", await FoundAsync(new DeliveryQuery { Site = Other, Hook = 1, Limit = 9 }));
        Assert.Equal("", await FoundAsync(new DeliveryQuery { Deployment = "xyz", Limit = 9 }));
    }

    [Theory]
    [InlineData("Pending", "16,15", "15")]
    [InlineData("Delivered", "11", "11")]
    [InlineData("Failed", "14,12", "14,12")]
    [InlineData("Gone", "13", "13")]
    public async Task Deliveries_are_found_by_their_state(string state, string all, string ofHook)
    {
        await RecordAsync();
        DeliveryState wanted = Enum.Parse<DeliveryState>(state);

        Assert.Equal(all, await FoundAsync(new DeliveryQuery { State = wanted, Limit = 9 }));
        Assert.Equal(ofHook, await FoundAsync(new DeliveryQuery { State = wanted, Hook = 1, Limit = 9 }));
    }

    [Fact]
    public async Task A_page_of_deliveries_is_limited_and_starts_where_the_previous_one_ended()
    {
        await RecordAsync();

        Assert.Equal("16,15", await FoundAsync(new DeliveryQuery { Limit = 2 }));
        Assert.Equal("14,13", await FoundAsync(new DeliveryQuery { Limit = 2, Before = 15 }));
        Assert.Equal("13,12", await FoundAsync(new DeliveryQuery { Limit = 2, Before = 14, Hook = 1 }));
        Assert.Equal("12", await FoundAsync(new DeliveryQuery { Limit = 2, Before = 14, Hook = 1, State = DeliveryState.Failed }));
        Assert.Equal("13,11", await FoundAsync(new DeliveryQuery { Limit = 2, Before = 15, Type = "Odd" }));
    }

    [Fact]
    public async Task Deliveries_and_events_are_found_by_time_even_if_the_clock_was_set_back()
    {
        // The id of the second one is about an hour ahead of its time, as after a clock that was set back.
        (long Id, DateTimeOffset Time)[] accepted =
            [(IdSource.At(Now), Now), (IdSource.At(Now.AddMinutes(59)), Now.AddMinutes(1)), (IdSource.At(Now.AddHours(5)), Now.AddHours(5))];
        await WriteAsync(tables =>
        {
            foreach ((long id, DateTimeOffset time) in accepted)
            {
                Deliver(tables, id, time);
            }
        });

        Assert.Equal([1, 0], await BetweenAsync(Now, Now.AddMinutes(2)));
        Assert.Equal([1], await BetweenAsync(Now.AddTicks(1), Now.AddMinutes(2)));
        Assert.Equal([0], await BetweenAsync(null, Now.AddMinutes(1)));
        Assert.Equal([2], await BetweenAsync(Now.AddHours(5), null));
        Assert.Equal([2, 1, 0], await BetweenAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
        Assert.Equal([], await BetweenAsync(DateTimeOffset.MaxValue, null));
        Assert.Equal([], await BetweenAsync(null, DateTimeOffset.MinValue));

        async Task<List<int>> BetweenAsync(DateTimeOffset? since, DateTimeOffset? until)
        {
            var period = new Period(since, until);
            IReadOnlyList<DeliveryRecord> deliveries = await ReadAsync(tables => tables.Deliveries.Search(new DeliveryQuery { Accepted = period, Limit = 9 }).Entries);
            IReadOnlyList<DeliveryRecord> ofType = await ReadAsync(
                tables => accepted.SelectMany(one => tables.Deliveries.Search(new DeliveryQuery { Type = "Type-" + one.Id, Accepted = period, Limit = 9 }).Entries).ToList());
            IReadOnlyList<EventHead> events = await ReadAsync(tables => tables.Events.Search(new EventQuery { Accepted = period, Limit = 9 }).Entries);
            Assert.Equal(deliveries.Select(delivery => delivery.Id), events.Select(head => head.Id));
            Assert.Equal(deliveries.Select(delivery => delivery.Id).Order(), ofType.Select(delivery => delivery.Id));
            return [.. deliveries.Select(delivery => Array.FindIndex(accepted, one => one.Id == delivery.Id))];
        }
    }

    [Fact]
    public async Task A_page_of_a_type_is_in_order_even_if_an_older_event_got_its_delivery_later()
    {
        long second = IdSource.At(Now.AddSeconds(1)) - IdSource.At(Now);
        await WriteAsync(tables =>
        {
            for (int i = 1; i <= 9; i++)
            {
                tables.Events.Insert(new EventRecord(i * second, "Type", "default", [1], Now));
                tables.AddDelivery((i == 2 ? 20 * second : i * second) + 1, i * second, HookId, Now);
            }
        });

        IReadOnlyList<DeliveryRecord> page = await ReadAsync(tables => tables.Deliveries.Search(new DeliveryQuery { Type = "type", Limit = 3 }).Entries);
        Assert.Equal([2, 9, 8], page.Select(delivery => delivery.Event / second));
        page = await ReadAsync(tables => tables.Deliveries.Search(new DeliveryQuery { Type = "type", Limit = 3, Before = page[2].Id }).Entries);
        Assert.Equal([7, 6, 5], page.Select(delivery => delivery.Event / second));
        page = await ReadAsync(tables => tables.Deliveries.Search(new DeliveryQuery { Type = "type", Limit = 9, Before = page[2].Id }).Entries);
        Assert.Equal([4, 3, 1], page.Select(delivery => delivery.Event / second));
    }

    [Fact]
    public async Task Events_are_found_by_each_search_field_newest_first_up_to_a_limit()
    {
        await RecordAsync();

        Assert.Equal("5,4,3,2,1", await EventsAsync(new EventQuery { Limit = 9 }));
        Assert.Equal("5,3,1", await EventsAsync(new EventQuery { Type = "ODD", Limit = 9 }));
        Assert.Equal("2,1", await EventsAsync(new EventQuery { Deployment = "abc", Limit = 9 }));
        Assert.Equal("1", await EventsAsync(new EventQuery { Deployment = "abc", Type = "odd", Limit = 9 }));
        Assert.Equal("5", await EventsAsync(new EventQuery { Site = "OTHER", Limit = 9 }));
        Assert.Equal("3,2", await EventsAsync(new EventQuery { Before = 4, Limit = 2 }));
        Assert.Equal(new EventHead(1, "Odd", "shop", "abc", Now), await ReadAsync(tables => tables.Events.FindHead(1)));
        Assert.Null(await ReadAsync(tables => tables.Events.FindHead(9)));
    }

    [Fact]
    public async Task LastAttempt_returns_the_end_of_the_attempt_with_the_greatest_number()
    {
        await WriteAsync(tables =>
        {
            Deliver(tables, 1, Now);
            tables.RecordAttempt(new AttemptRecord(1, 2, Now, TimeSpan.Zero, null, "Refused.", null, null, null, default));
            tables.RecordAttempt(new AttemptRecord(1, 1, Now, TimeSpan.Zero, 500, "No.", null, null, null, default));
            tables.RecordAttempt(new AttemptRecord(2, 3, Now, TimeSpan.Zero, 200, null, null, null, null, default));
        });

        Assert.Equal(new AttemptEnd(null, "Refused."), await ReadAsync(tables => tables.Deliveries.LastAttempt(1)));
        Assert.Equal(new AttemptEnd(200, null), await ReadAsync(tables => tables.Deliveries.LastAttempt(2)));
        Assert.Null(await ReadAsync(tables => tables.Deliveries.LastAttempt(3)));
    }

    [Theory]
    [InlineData("Delivered")]
    [InlineData("Failed")]
    [InlineData("Gone")]
    public async Task Requeue_restarts_the_schedule_of_an_ended_delivery_and_continues_its_numbers(string end)
    {
        await WriteAsync(tables =>
        {
            Deliver(tables, 1, Now);
            tables.RecordOutcome(1, DeliveryState.Pending, Now, spent: true, null);
            tables.RecordOutcome(1, DeliveryState.Pending, Now, spent: false, null);
            tables.RecordOutcome(1, Enum.Parse<DeliveryState>(end), Now, spent: true, "Over.");
        });

        Assert.True(await Store.WriteAsync(tables => tables.Queue.Requeue(1, Now.AddDays(1))));

        DueDelivery due = Assert.Single(await ReadAsync(tables => tables.Due(HookId, Now.AddDays(1), None, 9, NoLimit)));
        Assert.Equal((0, 0, 3, 4, Now.AddDays(1), Now.AddDays(1)), (due.Spent, due.Free, due.Earlier, due.AttemptNumber, due.Due, due.Begun));
        Assert.Equal(
            new DeliveryRecord(1, 1, HookId, DeliveryState.Pending, 3, Now.AddDays(1), Now, null), await ReadAsync(tables => tables.Deliveries.Find(1)));

        await WriteAsync(tables => tables.RecordOutcome(1, DeliveryState.Delivered, Now.AddDays(2), spent: true, null));
        Assert.True(await Store.WriteAsync(tables => tables.Queue.Requeue(1, Now.AddDays(3))));
        Assert.Equal(5, Assert.Single(await ReadAsync(tables => tables.Due(HookId, Now.AddDays(3), None, 9, NoLimit))).AttemptNumber);
    }

    [Fact]
    public async Task Requeue_returns_false_for_a_pending_or_unknown_delivery()
    {
        await WriteAsync(tables =>
        {
            Deliver(tables, 1, Now);
            tables.RecordOutcome(1, DeliveryState.Pending, Now.AddHours(1), spent: true, null);
        });

        Assert.False(await Store.WriteAsync(tables => tables.Queue.Requeue(1, Now)));
        Assert.False(await Store.WriteAsync(tables => tables.Queue.Requeue(2, Now)));
        Assert.Equal((1, Now.AddHours(1)), await ReadAsync(tables => (tables.Deliveries.Find(1)!.Attempts, tables.Deliveries.Find(1)!.Due)));
    }

    [Theory]
    [InlineData("Failed", 0, 9, "12,14")]
    [InlineData("Failed", 0, 1, "12")]
    [InlineData("Failed", 12, 9, "14")]
    [InlineData("Delivered", 0, 9, "11")]
    [InlineData("Gone", 0, 9, "13")]
    public async Task The_ended_deliveries_of_a_hook_are_read_oldest_first_after_a_cursor(string state, long after, int limit, string ids)
    {
        await RecordAsync();
        DeliveryState wanted = Enum.Parse<DeliveryState>(state);

        Assert.Equal(ids, string.Join(',', await ReadAsync(tables => tables.Deliveries.Ended(1, wanted, default, after, limit))));
        Assert.Empty(await ReadAsync(tables => tables.Deliveries.Ended(1, wanted, new Period(Now.AddTicks(1), null), after, limit)));
        Assert.Empty(await ReadAsync(tables => tables.Deliveries.Ended(1, wanted, new Period(null, Now), after, limit)));
        Assert.Empty(await ReadAsync(tables => tables.Deliveries.Ended(9, wanted, default, after, limit)));
    }

    [Fact]
    public async Task A_hook_has_one_open_redelivery_and_ended_ones_stay_until_they_are_pruned()
    {
        var first = new RedeliveryRecord(1, HookId, DeliveryState.Failed, Now.AddDays(-1), Now, 0, 0, Now);
        RedeliveryRecord second = first with { Id = 2, State = DeliveryState.Gone };
        RedeliveryRecord ofOther = first with { Id = 3, Hook = 8 };
        await WriteAsync(tables => tables.Redeliveries.Insert(first));
        await WriteAsync(tables => tables.Redeliveries.Insert(ofOther));
        await Assert.ThrowsAnyAsync<Exception>(() => WriteAsync(tables => tables.Redeliveries.Insert(second)));
        await WriteAsync(tables => tables.Redeliveries.Advance(1, 77, 5));

        Assert.Equal(first with { Cursor = 77, Done = 5 }, await ReadAsync(tables => tables.Redeliveries.Find(1)));
        Assert.Equal([1, 3], await ReadAsync(tables => tables.Redeliveries.Open().Select(one => one.Id).ToList()));
        Assert.Equal(1, (await ReadAsync(tables => tables.Redeliveries.OpenOf(HookId)))!.Id);

        Assert.True(await Store.WriteAsync(tables => tables.Redeliveries.End(1, "Stopped.", Now.AddHours(1))));
        Assert.False(await Store.WriteAsync(tables => tables.Redeliveries.End(1, null, Now.AddHours(2))));
        await WriteAsync(tables => tables.Redeliveries.Insert(second));

        Assert.Equal(("Stopped.", Now.AddHours(1)), await ReadAsync(tables => (tables.Redeliveries.Find(1)!.Reason, tables.Redeliveries.Find(1)!.Ended!.Value)));
        Assert.Equal([2, 1], await ReadAsync(tables => tables.Redeliveries.OfHook(HookId, long.MaxValue, 9).Select(one => one.Id).ToList()));
        Assert.Equal([1], await ReadAsync(tables => tables.Redeliveries.OfHook(HookId, 2, 9).Select(one => one.Id).ToList()));
        Assert.Equal([2], await ReadAsync(tables => tables.Redeliveries.OfHook(HookId, long.MaxValue, 1).Select(one => one.Id).ToList()));
        Assert.Equal(0, await Store.WriteAsync(tables => tables.Redeliveries.Prune(Now.AddHours(1), 9)));
        Assert.Equal(1, await Store.WriteAsync(tables => tables.Redeliveries.Prune(Now.AddHours(2), 9)));
        Assert.Equal([2, 3], await ReadAsync(tables => tables.Redeliveries.Open().Select(one => one.Id).Order().ToList()));
    }

    /// <summary>Adds a hook of the root and one of a site, five events of two types, two of them for a deployment, and deliveries in each state.</summary>
    private Task RecordAsync() => WriteAsync(tables =>
    {
        tables.Hooks.Insert(Hook(1));
        tables.Hooks.Insert(Hook(2) with { Site = Other });
        for (int id = 1; id <= 5; id++)
        {
            tables.Events.Insert(new EventRecord(id, id % 2 == 0 ? "Even" : "Odd", id == 5 ? Other : "shop", [1], Now, id <= 2 ? "abc" : null));
            tables.AddDelivery(10 + id, id, 1, Now);
        }

        tables.AddDelivery(16, 3, 2, Now);
        tables.RecordOutcome(11, DeliveryState.Delivered, Now, spent: true, null);
        tables.RecordOutcome(12, DeliveryState.Failed, Now, spent: true, null);
        tables.RecordOutcome(13, DeliveryState.Gone, Now, spent: true, null);
        tables.RecordOutcome(14, DeliveryState.Failed, Now, spent: true, null);
    });

    private async Task<string> FoundAsync(DeliveryQuery query) =>
        string.Join(',', (await ReadAsync(tables => tables.Deliveries.Search(query).Entries)).Select(delivery => delivery.Id));

    private async Task<string> EventsAsync(EventQuery query) => string.Join(',', (await ReadAsync(tables => tables.Events.Search(query).Entries)).Select(head => head.Id));
}
