using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>The lanes of this node. A publisher on this node wakes them without a message.</summary>
internal sealed class ActiveLanes
{
    private readonly ConcurrentDictionary<long, Lane> _lanes = [];
    private readonly int _many;
    private int _count;
    private volatile bool _stopping;

    /// <param name="feed">Announces changes of hooks, which reach their lanes.</param>
    /// <param name="many">The number of lanes above which a lane that has nothing left to do ends at once. A lane costs about 6 KiB; starting it again costs a
    /// write and a read.</param>
    public ActiveLanes(IChangeFeed feed, int many = 8192)
    {
        _many = many;
        feed.Subscribe(change =>
        {
            if (change is Change.HookChanged changed && TryGet(changed.Hook, out Lane? lane))
            {
                lane.HookChanged();
            }
        });
    }

    public IEnumerable<Lane> All => _lanes.Values;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether so many lanes are awake that a lane with nothing left to do should end at once.</summary>
    public bool AreMany => Count > _many;

    /// <summary>Whether all lanes are ending, and new ones end at once.</summary>
    public bool AreStopping => _stopping;

    public void Add(long hook, Lane lane)
    {
        if (_lanes.TryAdd(hook, lane))
        {
            Interlocked.Increment(ref _count);
        }
        else
        {
            _lanes[hook] = lane;
        }

        if (_stopping)
        {
            lane.EndSoon();
        }
    }

    /// <summary>Removes this lane. A newer lane of the same hook stays.</summary>
    public void Remove(long hook, Lane lane)
    {
        if (_lanes.TryRemove(KeyValuePair.Create(hook, lane)))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    public bool TryGet(long hook, [MaybeNullWhen(false)] out Lane lane) => _lanes.TryGetValue(hook, out lane);

    /// <summary>Ends all lanes of the node at the same time. No new attempt starts, and attempts in flight have <paramref name="timeout"/> to end.</summary>
    public Task StopAsync(TimeSpan timeout)
    {
        _stopping = true;
        return Task.WhenAll(_lanes.Values.Select(lane => lane.StopAsync(timeout)));
    }
}
