namespace Nyala.Server.Storage;

/// <summary>The end of an attempt, or of a delivery without one, as it is written.</summary>
/// <param name="Hook">The hook of the delivery.</param>
/// <param name="Epoch">The epoch of the lane. If the hook has a newer one, nothing of the settlement is written.</param>
/// <param name="Delivery">The delivery.</param>
/// <param name="WasDue">The time at which the delivery was due.</param>
/// <param name="State">The new state of the delivery.</param>
/// <param name="Due">The time of the next attempt if the delivery stays pending; otherwise the time it ended.</param>
/// <param name="Attempt">The attempt; null if there was none, or if it cannot be stored.</param>
/// <param name="Spent">Whether the attempt counts against the retry schedule; null if there was no attempt.</param>
/// <param name="Reason">Why the delivery ended, if no attempt says so.</param>
internal sealed record Settlement(
    long Hook, long Epoch, long Delivery, DateTimeOffset WasDue, DeliveryState State, DateTimeOffset Due, AttemptRecord? Attempt, bool? Spent, string? Reason)
{
    /// <summary>The newest attempt of the hook; null if there was none.</summary>
    public LastAttempt? Last { get; init; }

    /// <summary>The health of the hook after the attempt. It is written with <see cref="Last"/>.</summary>
    public HookHealth Health { get; init; }

    /// <summary>What the attempt sent, if it must be stored; otherwise null.</summary>
    public RenderedBody? Rendered { get; init; }

    /// <summary>Why the hook is gone from now on; null if it is not.</summary>
    public string? GoneReason { get; init; }
}

/// <summary>A lane: a hook and an epoch of it.</summary>
internal readonly record struct LaneId(long Hook, long Epoch);
