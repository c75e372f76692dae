using System.Diagnostics.CodeAnalysis;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>
/// The hooks that hear the events of a type at a site, as the writer has read them: of every event the same question is asked, and
/// SQLite's answer costs more than the event's own row. Only the writing session may have one, since it alone sees every change, and it
/// forgets all whenever work is rolled back.
/// </summary>
internal sealed class MatchCache
{
    /// <summary>Whoever publishes names the types, so that their number has a bound.</summary>
    private const int MaxKeys = 4096;
    private const int MaxHooks = 65_536;

    private readonly Dictionary<(string Site, string Type), List<Entry>> _matches = new(KeyComparer.Instance);
    private readonly Dictionary<long, Entry> _entries = [];

    public bool TryGet(string site, string type, [NotNullWhen(true)] out List<Entry>? hooks) => _matches.TryGetValue((site, type), out hooks);

    /// <summary>Keeps what was read. A hook that hears several types has one entry in all of them.</summary>
    public void Add(string site, string type, List<Entry> hooks)
    {
        if (_matches.Count >= MaxKeys || _entries.Count + hooks.Count > MaxHooks)
        {
            Clear();
        }

        for (int i = 0; i < hooks.Count; i++)
        {
            if (!_entries.TryAdd(hooks[i].Id, hooks[i]))
            {
                hooks[i] = _entries[hooks[i].Id];
            }
        }

        _matches[(site, type)] = hooks;
    }

    /// <summary>Notes until when a hook is held, which changes far more often than the hook.</summary>
    public void Hold(long hook, DateTimeOffset? until)
    {
        if (_entries.TryGetValue(hook, out Entry? entry))
        {
            entry.HeldUntil = until;
        }
    }

    public void Clear()
    {
        _matches.Clear();
        _entries.Clear();
    }

    /// <summary>A hook that listens.</summary>
    internal sealed class Entry
    {
        public required long Id { get; init; }

        public required HookState State { get; init; }

        public required string? Filter { get; init; }

        public required bool HasRate { get; init; }

        public required DateTimeOffset? HeldUntil { get; set; }

        public MatchedHook At(DateTimeOffset now) =>
            new(Id, State, Filter, State == HookState.Active && !HasRate && (HeldUntil is null || HeldUntil <= now));
    }

    /// <summary>As the columns compare: ASCII letters without regard to case.</summary>
    private sealed class KeyComparer : IEqualityComparer<(string Site, string Type)>
    {
        public static readonly KeyComparer Instance = new();

        public bool Equals((string Site, string Type) x, (string Site, string Type) y) =>
            StringComparer.OrdinalIgnoreCase.Equals(x.Type, y.Type) && StringComparer.OrdinalIgnoreCase.Equals(x.Site, y.Site);

        public int GetHashCode((string Site, string Type) key) => HashCode.Combine(
            StringComparer.OrdinalIgnoreCase.GetHashCode(key.Site), StringComparer.OrdinalIgnoreCase.GetHashCode(key.Type));
    }
}
