using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Nyala.Server.Delivery;

/// <summary>The lanes that are alive on this node, so that a publisher here wakes them without a message.</summary>
internal sealed class ActiveLanes
{
    private readonly ConcurrentDictionary<long, Lane> _lanes = [];

    public IEnumerable<Lane> All => _lanes.Values;

    public int Count => _lanes.Count;

    public void Add(long hook, Lane lane) => _lanes[hook] = lane;

    /// <summary>Removes exactly this lane: a newer one of the same hook stays.</summary>
    public void Remove(long hook, Lane lane) => _lanes.TryRemove(KeyValuePair.Create(hook, lane));

    public bool TryGet(long hook, [MaybeNullWhen(false)] out Lane lane) => _lanes.TryGetValue(hook, out lane);
}
