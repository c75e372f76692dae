using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Storage;

public abstract partial class StoreConformance
{
    private const int Many = 6000;

    /// <summary>
    /// Runs every search alone and combined with every other, page by page. Each must find exactly the matching deliveries, newest first. There
    /// are so many rows that some searches end a page early.
    /// </summary>
    [Fact]
    public async Task Every_combination_of_search_fields_finds_exactly_the_matching_deliveries()
    {
        (List<EventRecord> events, List<DeliveryRecord> deliveries) = await FillAsync();
        Dictionary<long, EventRecord> byId = events.ToDictionary(one => one.Id);
        int early = 0;
        foreach (DeliveryQuery query in Searches())
        {
            IEnumerable<long> meant = deliveries
                .Where(one => query.Hook is null || one.Hook == query.Hook)
                .Where(one => query.Event is null || one.Event == query.Event)
                .Where(one => query.State is null || one.State == query.State)
                .Where(one => query.Site is null || SiteOf(one.Hook) == query.Site)
                .Where(one => query.Type is null || byId[one.Event].Type == query.Type)
                .Where(one => query.Deployment is null || byId[one.Event].Deployment == query.Deployment)
                .Where(one => query.Accepted.Since is not { } since || one.Created >= since)
                .Where(one => query.Accepted.Until is not { } until || one.Created < until)
                .Select(one => one.Id).OrderDescending();
            (List<long> found, int short_) = await PagesAsync(query);

            Assert.True(meant.SequenceEqual(found), $"{query}: {meant.Count()} deliveries match, {found.Count} were found.");
            early += short_;
        }

        Assert.True(early > 0, "No search ended a page early, so that this case was not tested.");
    }

    [Fact]
    public async Task Every_combination_of_search_fields_finds_exactly_the_matching_events()
    {
        (List<EventRecord> events, _) = await FillAsync();
        foreach (EventQuery query in
            from type in (string?[])[null, "Often", "Seldom", "Never"]
            from deployment in (string?[])[null, "d-1", "d-9"]
            from site in (string?[])[null, "big", "small", "none"]
            from period in (Period[])[default, new Period(Now.AddMinutes(1000), Now.AddMinutes(5000))]
            select new EventQuery { Type = type, Deployment = deployment, Site = site, Accepted = period, Limit = 700 })
        {
            IEnumerable<long> meant = events
                .Where(one => query.Type is null || one.Type == query.Type)
                .Where(one => query.Deployment is null || one.Deployment == query.Deployment)
                .Where(one => query.Site is null || one.Site == query.Site)
                .Where(one => query.Accepted.Since is not { } since || one.Created >= since)
                .Where(one => query.Accepted.Until is not { } until || one.Created < until)
                .Select(one => one.Id).OrderDescending();
            var found = new List<long>();
            for (long? before = long.MaxValue; before is { } end;)
            {
                Page<EventHead> page = await Store.SearchAsync(tables => tables.Events.Search(query with { Before = end }), Cancellation);
                found.AddRange(page.Entries.Select(one => one.Id));
                before = page.Next;
            }

            Assert.True(meant.SequenceEqual(found), $"{query}: {meant.Count()} events match, {found.Count} were found.");
        }
    }

    [Fact]
    public async Task Hanging_searches_do_not_delay_reads()
    {
        using var gate = new ManualResetEventSlim();
        Task<bool>[] hanging = [.. Enumerable.Range(0, 50).Select(_ => Store.SearchAsync(_ => gate.Wait(Signals.Limit), Cancellation))];

        Assert.Null(await ReadAsync(tables => tables.Sites.Find("none")).InTimeAsync());
        Assert.All(hanging, search => Assert.False(search.IsCompleted));

        gate.Set();
        await Task.WhenAll(hanging).InTimeAsync();
    }

    [Fact]
    public async Task A_running_search_ends_when_its_caller_cancels()
    {
        await FillAsync();
        using var left = new CancellationTokenSource();
        bool wentOn = false;
        Task<bool> search = Store.SearchAsync(
            tables =>
            {
                _ = left.CancelAsync();
                for (int i = 0; i < 1000; i++)
                {
                    tables.Deliveries.Search(new DeliveryQuery { Hook = 1, State = DeliveryState.Delivered, Limit = 1000 });
                }

                return wentOn = true;
            },
            left.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search);
        await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => Store.SearchAsync(tables => tables.Sites.Find("x"), Cancellation))).InTimeAsync();
        Assert.False(wentOn);
    }

    [Fact]
    public async Task A_queued_search_ends_when_its_caller_cancels()
    {
        using var gate = new ManualResetEventSlim();
        using var left = new CancellationTokenSource();
        Task<bool>[] hanging = [.. Enumerable.Range(0, 9).Select(_ => Store.SearchAsync(_ => gate.Wait(Signals.Limit), Cancellation))];
        Task<string?> waiting = Store.SearchAsync(tables => tables.Sites.Find("x")?.Name, left.Token);

        await left.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.InTimeAsync());
        gate.Set();
        await Task.WhenAll(hanging).InTimeAsync();
    }

    [Theory]
    [InlineData(null, "Active,Paused,Disabled,Gone", "1,2,3,4,5,6")]
    [InlineData(null, "Active,Paused,Disabled", "1,2,3,5")]
    [InlineData(null, "Gone", "4,6")]
    [InlineData("A", "Active,Paused,Disabled", "1,3")]
    [InlineData("a", "Gone", "4")]
    [InlineData("none", "Gone", "")]
    public async Task Hooks_are_listed_by_site_and_state_in_pages(string? site, string states, string ids)
    {
        foreach ((long id, string? at, HookState state) in ((long, string?, HookState)[])
            [(1, "a", HookState.Active), (2, null, HookState.Paused), (3, "a", HookState.Disabled), (4, "a", HookState.Gone), (5, "b", HookState.Active), (6, null, HookState.Gone)])
        {
            await AddAsync(Hook(id) with { Site = at, State = state });
        }

        HookState[] wanted = [.. states.Split(',').Select(Enum.Parse<HookState>)];
        foreach (int limit in (int[])[1, 2, 9])
        {
            var found = new List<long>();
            for (long? after = 0; after is { } last;)
            {
                Page<HookRecord> page = await ReadAsync(tables => tables.Hooks.List(site, wanted, last, limit));
                Assert.True(page.Entries.Count <= limit);
                found.AddRange(page.Entries.Select(hook => hook.Id));
                after = page.Next;
            }

            Assert.Equal(ids, string.Join(',', found));
        }
    }

    [Fact]
    public async Task Hooks_are_found_by_the_beginning_of_their_url_and_counted_by_site()
    {
        foreach ((long id, string? site, string url) in ((long, string?, string)[])
            [(1, "a", "http://x/?sig=1"), (2, "a", "http://x/?SIG=2"), (3, "a", "http://x/?a=1"), (4, "b", "http://x/?sig=3"), (5, null, "http://x/?sig=\U0010FFFE")])
        {
            await AddAsync(Hook(id) with { Site = site, Url = url });
        }

        Assert.Equal([1, 2], await ReadAsync(tables => tables.Hooks.WithUrlFrom("A", "HTTP://x/?sig=", 9).Select(hook => hook.Id).ToList()));
        Assert.Equal([1], await ReadAsync(tables => tables.Hooks.WithUrlFrom("a", "http://x/?sig=", 1).Select(hook => hook.Id).ToList()));
        Assert.Equal([5], await ReadAsync(tables => tables.Hooks.WithUrlFrom(null, "http://x", 9).Select(hook => hook.Id).ToList()));
        Assert.Equal((3, 2, 1, 0), await ReadAsync(tables => (tables.Hooks.Count("A", 9), tables.Hooks.Count("a", 2), tables.Hooks.Count(null, 9), tables.Hooks.Count("c", 9))));
    }

    [Fact]
    public async Task The_beginning_of_a_body_is_read_without_the_rest()
    {
        await WriteAsync(tables =>
        {
            tables.Events.Insert(new EventRecord(1, "T", "shop", [1, 2, 3], Now));
            tables.Events.Insert(new EventRecord(2, "T", "shop", [], Now));
        });

        Assert.Equal("0102 True", await StartAsync(1, 2));
        Assert.Equal("010203 False", await StartAsync(1, 3));
        Assert.Equal(" False", await StartAsync(2, 3));
        Assert.Equal("none", await StartAsync(3, 9));

        async Task<string> StartAsync(long id, int most) =>
            await ReadAsync(tables => tables.Events.BodyStart(id, most)) is var (beginning, more) ? $"{Convert.ToHexString(beginning)} {more}" : "none";
    }

    [Fact]
    public async Task The_deliveries_of_an_event_are_counted()
    {
        await RecordAsync();

        Assert.Equal(((1, 1), (2, 0), (0, 0)), await ReadAsync(tables => (tables.Deliveries.CountOfEvent(1), tables.Deliveries.CountOfEvent(3), tables.Deliveries.CountOfEvent(99))));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string? SiteOf(long hook) => hook >= 1000 ? "big" : hook == 3 ? null : "small";

    private static IEnumerable<DeliveryQuery> Searches()
    {
        DeliveryQuery[] one =
        [
            new() { Limit = 700 },
            .. ((long[])[1, 2, 3, 1001]).Select(hook => new DeliveryQuery { Hook = hook, Limit = 700 }),
            .. ((long[])[IdOf(9), IdOf(40), IdOf(4001)]).Select(@event => new DeliveryQuery { Event = @event, Limit = 700 }),
            .. ((string[])["Often", "Seldom", "Never"]).Select(type => new DeliveryQuery { Type = type, Limit = 700 }),
            .. ((string[])["d-1", "d-9"]).Select(deployment => new DeliveryQuery { Deployment = deployment, Limit = 700 }),
            .. ((string[])["big", "small", "none"]).Select(site => new DeliveryQuery { Site = site, Limit = 700 }),
            .. Enum.GetValues<DeliveryState>().Select(state => new DeliveryQuery { State = state, Limit = 700 }),
            new() { Accepted = new Period(Now.AddMinutes(1000), Now.AddMinutes(5000)), Limit = 700 },
        ];
        return one.SelectMany(first => one.Select(second => new DeliveryQuery
        {
            Hook = first.Hook ?? second.Hook,
            Event = first.Event ?? second.Event,
            Type = first.Type ?? second.Type,
            Deployment = first.Deployment ?? second.Deployment,
            Site = first.Site ?? second.Site,
            State = first.State ?? second.State,
            Accepted = first.Accepted == default ? second.Accepted : first.Accepted,
            Limit = 700,
        })).Distinct();
    }

    /// <summary>Returns the id of an event. The events are one minute apart, and the time of each determines its id.</summary>
    private static long IdOf(int i) => IdSource.At(Now.AddMinutes(i));

    private async Task<(List<long> Found, int Early)> PagesAsync(DeliveryQuery query)
    {
        var found = new List<long>();
        int early = 0;
        for (long? before = long.MaxValue; before is { } end;)
        {
            Page<DeliveryRecord> page = await Store.SearchAsync(tables => tables.Deliveries.Search(query with { Before = end }), Cancellation);
            Assert.True(page.Entries.Count <= query.Limit);
            Assert.True(page.Next is null || page.Next < end, "A page leads back to itself.");
            found.AddRange(page.Entries.Select(one => one.Id));
            early += page.Next is not null && page.Entries.Count < query.Limit ? 1 : 0;
            before = page.Next;
        }

        return (found, early);
    }

    /// <summary>Adds three hooks of a small site and the root, many of a big site, a frequent and a rare type, and one event for most hooks.</summary>
    private async Task<(List<EventRecord> Events, List<DeliveryRecord> Deliveries)> FillAsync()
    {
        List<EventRecord> events = [.. Enumerable.Range(1, Many).Select(i => new EventRecord(
            IdOf(i), i % 100 == 1 ? "Seldom" : "Often", i % 3 == 0 ? "small" : "big", [1], Now.AddMinutes(i), i % 2 == 0 ? "d-1" : i == 9 ? "d-9" : null))];
        var deliveries = new List<DeliveryRecord>();
        for (int i = 1; i <= Many; i++)
        {
            IEnumerable<long> hooks = i == 40 ? Enumerable.Range(1000, 300).Select(hook => (long)hook) : i % 5 == 0 ? [1, 3] : i % 50 == 1 ? [1, 2] : [1];
            int number = 0;
            foreach (long hook in hooks)
            {
                DeliveryState state = i < 100 ? DeliveryState.Pending : i % 40 == 2 ? DeliveryState.Failed : i % 90 == 3 ? DeliveryState.Gone : DeliveryState.Delivered;
                deliveries.Add(new DeliveryRecord(IdOf(i) + ++number, IdOf(i), hook, state, 0, Now, Now.AddMinutes(i), null));
            }
        }

        await WriteAsync(tables =>
        {
            foreach (long hook in (long[])[1, 2, 3, .. Enumerable.Range(1000, 300)])
            {
                tables.Hooks.Insert(Hook(hook) with { Site = SiteOf(hook) });
            }

            events.ForEach(tables.Events.Insert);
            foreach (DeliveryRecord delivery in deliveries)
            {
                tables.AddDelivery(delivery.Id, delivery.Event, delivery.Hook, delivery.Created);
                if (delivery.State != DeliveryState.Pending)
                {
                    tables.RecordOutcome(delivery.Id, delivery.State, Now, spent: null, null);
                }
            }
        });
        return (events, deliveries);
    }
}
