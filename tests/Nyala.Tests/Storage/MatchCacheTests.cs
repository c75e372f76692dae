using CsCheck;
using Nyala.Server.Storage;
using Nyala.Server.Storage.Sqlite;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Storage;

/// <summary>The writer's cache of matching hooks always agrees with the database, whatever was changed in between.</summary>
public sealed class MatchCacheTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = SignalClock.Beginning;
    private static readonly string[] Sites = ["", "a", "b"];
    private static readonly string[] Types = ["*", "Built", "Failed"];

    private readonly TempFolder _folder = new();
    private readonly SignalClock _clock = new();
    private readonly IdSource _ids = new(TimeProvider.System);
    private SqliteStore? _store;
    private long _next;

    private string Connection => $"Data Source={_folder.In("nyala.db")};Pooling=False";

    public async ValueTask DisposeAsync()
    {
        await (_store?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Dispose();
    }

    [Fact]
    public async Task The_cache_agrees_with_the_database_after_any_changes()
    {
        _store = SqliteStore.Open(_folder.In("nyala.db"), Some.StorageInstruments());
        var hooks = new List<long>();
        await CompareAsync();

        await Gen.Select(Gen.Int[0, 6], Gen.Int[0, 1000], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 3], Gen.Bool).Array[1, 12].SampleAsync(
            async changes =>
            {
                foreach ((int kind, int which, int site, int type, int state, bool fails) in changes)
                {
                    long known = hooks.Count == 0 ? 0 : hooks[which % hooks.Count];
                    Task<bool> change = _store.WriteAsync(tables => Change(tables, hooks, known, kind, (Sites[site], Types[type], (HookState)state))
                        && (fails ? throw new InvalidOperationException("It is taken back.") : true));
                    await (fails ? (Task)Assert.ThrowsAsync<InvalidOperationException>(() => change) : change);
                    await CompareAsync();
                }
            },
            iter: 40,
            threads: 1);
    }

    [Theory]
    [InlineData(4097, 0)]
    [InlineData(11, 100_000)]
    public void The_cache_drops_old_lists_past_its_limits(int lists, int hooks)
    {
        var cache = new MatchCache();
        MatchCache.Entry[] all = [.. Enumerable.Range(1, hooks).Select(id => new MatchCache.Entry { Id = id, State = HookState.Active, Filter = null, HasRate = false, HeldUntil = null, LogLines = 0 })];

        for (int list = 1; list <= lists; list++)
        {
            cache.Add("a", $"type-{list}", [.. all]);
        }

        Assert.False(cache.TryGet("a", "type-1", out _));
        Assert.True(cache.TryGet("a", $"type-{lists}", out _));
    }

    private bool Change(ITables tables, List<long> hooks, long known, int kind, (string Site, string Type, HookState State) to)
    {
        switch (kind)
        {
            case 0 or 1:
                HookRecord hook = Some.StoredHook(++_next) with { Site = to.Site.Length == 0 ? null : to.Site, Event = to.Type, State = to.State, Url = $"http://receiver.example/{_next}" };
                tables.Hooks.Insert(hook);
                hooks.Add(hook.Id);
                break;
            case 2 when tables.Hooks.Find(known) is { } found:
                tables.Hooks.Update(found with { State = to.State, Filter = $$"""{"branch":["{{to.Type}}"]}""", Rate = to.Site.Length == 0 ? null : 9 });
                break;
            case 3:
                tables.Hooks.SetState(known, to.State, "why", Now);
                break;
            case 4:
                tables.Hooks.Remove(known);
                break;
            case 5:
                tables.Hooks.SetHealth(known, default(HookHealth) with { HeldUntil = to.Site.Length == 0 ? null : Now.AddHours(1) });
                break;
            case 6:
                tables.Hooks.ShiftHolds(TimeSpan.FromHours(2), Now);
                break;
        }

        return true;
    }

    /// <summary>Compares what an accepted event finds with what a session without a cache finds.</summary>
    private async Task CompareAsync()
    {
        using var session = new Session(Connection);
        var uncached = new HookTable(session, cache: null);
        EventToAccept[] events =
            [.. Sites.Skip(1).SelectMany(site => Types.Skip(1).Select(type => new EventToAccept(_ids.Next(), type, site, []) { Matches = _ => true }))];
        IReadOnlyList<AcceptResult> results = await ((IStore)_store!).AcceptAsync(events, _ids, _clock);
        Assert.All(events.Zip(results), pair => Assert.Equal(
            uncached.Match(pair.First.Site, pair.First.Type, Now), pair.Second.Deliveries.Select(delivery => delivery.Hook)));
    }
}
