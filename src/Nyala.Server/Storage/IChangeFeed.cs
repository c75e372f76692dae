namespace Nyala.Server.Storage;

/// <summary>
/// Announces changes that are on disk to the caches and the waits that depend on them. A change says what changed, not how: subscribers read the
/// store. Between nodes a change can get lost, so nothing relies on the feed alone.
/// </summary>
internal interface IChangeFeed
{
    /// <summary>Announces a change. Once this returns, the subscribers on this node have applied it.</summary>
    void Announce(Change change);

    /// <summary>Adds a subscriber for as long as the server runs. It must be fast, and must not throw.</summary>
    void Subscribe(Action<Change> subscriber);
}

/// <summary>A change that is on disk.</summary>
internal abstract record Change
{
    /// <summary>A hook was changed or removed.</summary>
    internal sealed record HookChanged(long Hook) : Change;

    /// <summary>First attempts have ended, or will not start at once. Without this change, a publisher waits for as long as its request allows.</summary>
    internal sealed record FirstAttemptsEnded(IReadOnlyList<(long Event, long Delivery)> Deliveries) : Change;

    /// <summary>A hook starts no attempt now.</summary>
    /// <param name="Hook">The hook.</param>
    /// <param name="Started">The deliveries that have started, whose ends are announced one by one; null for none.</param>
    internal sealed record HookHeld(long Hook, IReadOnlySet<long>? Started) : Change;

    /// <summary>The log of a run has grown, or the run has ended. Without this change, a follower reads after its next time-out.</summary>
    internal sealed record LogGrew(long Run) : Change;

    /// <summary>A token was revoked.</summary>
    internal sealed record TokenRevoked(long Token) : Change;
}

/// <summary>The feed of a server that is alone: its changes are its own.</summary>
internal sealed class LocalChangeFeed : IChangeFeed
{
    private readonly Lock _gate = new();
    private volatile Action<Change>[] _subscribers = [];

    public void Announce(Change change)
    {
        foreach (Action<Change> subscriber in _subscribers)
        {
            subscriber(change);
        }
    }

    public void Subscribe(Action<Change> subscriber)
    {
        lock (_gate)
        {
            _subscribers = [.. _subscribers, subscriber];
        }
    }
}
