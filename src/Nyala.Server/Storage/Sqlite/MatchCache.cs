using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>
/// The hooks that receive the events of a type at a site, as the writer has read them. Every event needs this lookup, and reading it from SQLite costs more
/// than writing the event. Only the writing session may have a cache, because only it sees every change. A change of a hook is applied to the cache; a rollback
/// clears it.
/// </summary>
internal sealed class MatchCache
{
    /// <summary>The maximum number of cached lookups. Publishers choose the types, so their number must be limited.</summary>
    private const int MaxKeys = 4096;

    /// <summary>The maximum number of entries in all lists together. A hook on every type is in each list.</summary>
    private const int MaxListed = 1_000_000;

    private readonly Dictionary<(string Site, string Type), List<Entry>> _matches = new(KeyComparer.Instance);
    private readonly Dictionary<long, Entry> _entries = [];
    private readonly Dictionary<string, string> _filters = new(StringComparer.Ordinal);
    private int _listed;

    public bool TryGet(string site, string type, [NotNullWhen(true)] out List<Entry>? hooks) => _matches.TryGetValue((site, type), out hooks);

    /// <summary>Stores a list that was read, ordered by id. A hook that is in several lists has the same entry in all of them.</summary>
    public void Add(string site, string type, List<Entry> hooks)
    {
        if (_matches.Count >= MaxKeys || _listed + hooks.Count > MaxListed)
        {
            Clear();
        }

        for (int i = 0; i < hooks.Count; i++)
        {
            hooks[i] = Known(hooks[i]);
        }

        _listed += hooks.Count;
        _matches[(site, type)] = hooks;
    }

    /// <summary>Applies a hook that was created or changed. Its site and its type never change.</summary>
    /// <param name="site">The hook's site; empty for the root.</param>
    /// <param name="type">The type that it receives; <c>*</c> for every type.</param>
    /// <param name="hook">The current state of the hook.</param>
    public void Put(string site, string type, Entry hook)
    {
        Remove(hook.Id);
        foreach (((string keySite, string keyType), List<Entry> hooks) in _matches)
        {
            if ((type == "*" || Same(type, keyType)) && (site.Length == 0 || Same(site, keySite)))
            {
                hooks.Insert(~IndexOf(hooks, hook.Id), Known(hook));
                _listed++;
            }
        }
    }

    /// <summary>Removes a hook that is gone.</summary>
    public void Remove(long hook)
    {
        if (!_entries.Remove(hook))
        {
            return;
        }

        foreach (List<Entry> hooks in _matches.Values)
        {
            int at = IndexOf(hooks, hook);
            if (at >= 0)
            {
                hooks.RemoveAt(at);
                _listed--;
            }
        }
    }

    /// <summary>Sets the time until which a hook is held. It changes far more often than the rest of the hook.</summary>
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
        _filters.Clear();
        _listed = 0;
    }

    private static int IndexOf(List<Entry> hooks, long id) => ((ReadOnlySpan<Entry>)CollectionsMarshal.AsSpan(hooks)).BinarySearch(new IdOf(id));

    private static bool Same(string a, string b) => StringComparer.OrdinalIgnoreCase.Equals(a, b);

    private Entry Known(Entry hook)
    {
        if (_entries.TryGetValue(hook.Id, out Entry? known))
        {
            return known;
        }

        // Hooks with the same filter share one string, because FilterCache keeps parsed filters by string instance.
        if (hook.Filter is { } filter)
        {
            hook.Filter = CollectionsMarshal.GetValueRefOrAddDefault(_filters, filter, out _) ??= filter;
        }

        _entries.Add(hook.Id, hook);
        return hook;
    }

    /// <summary>A hook that receives events.</summary>
    internal sealed class Entry
    {
        public required long Id { get; init; }

        public required HookState State { get; init; }

        public required string? Filter { get; set; }

        public required bool HasRate { get; init; }

        public required DateTimeOffset? HeldUntil { get; set; }

        public required int LogLines { get; init; }

        public MatchedHook At(DateTimeOffset now) =>
            new(Id, State, Filter, State == HookState.Active && !HasRate && (HeldUntil is null || HeldUntil <= now), LogLines);
    }

    private readonly struct IdOf(long id) : IComparable<Entry>
    {
        public int CompareTo(Entry? other) => id.CompareTo(other!.Id);
    }

    /// <summary>Compares as the columns do: ASCII letters without regard to case.</summary>
    private sealed class KeyComparer : IEqualityComparer<(string Site, string Type)>
    {
        public static readonly KeyComparer Instance = new();

        public bool Equals((string Site, string Type) x, (string Site, string Type) y) => Same(x.Type, y.Type) && Same(x.Site, y.Site);

        public int GetHashCode((string Site, string Type) key) => HashCode.Combine(
            StringComparer.OrdinalIgnoreCase.GetHashCode(key.Site), StringComparer.OrdinalIgnoreCase.GetHashCode(key.Type));
    }
}
