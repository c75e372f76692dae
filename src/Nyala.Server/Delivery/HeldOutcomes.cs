namespace Nyala.Server.Delivery;

/// <summary>
/// Limits the outcomes that wait to be written. While a disk is full or stuck, they are held in memory; once there are
/// too many, no attempt starts until some are on disk, so that memory is limited whatever the number of hooks.
/// </summary>
internal sealed class HeldOutcomes
{
    /// <summary>Enough for half a second of a stuck disk at full speed.</summary>
    public const int MaxCount = 16_384;

    /// <summary>Bodies and responses may be large, so a limit on their number is not enough.</summary>
    public const long MaxBytes = 64 * 1024 * 1024;

    private readonly Lock _gate = new();
    private long _count;
    private long _bytes;
    private volatile TaskCompletionSource? _room;

    public long Count => Volatile.Read(ref _count);

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Waits while too many outcomes are held.</summary>
    public ValueTask RoomAsync(CancellationToken cancellationToken) =>
        _room is { } room ? new ValueTask(room.Task.WaitAsync(cancellationToken)) : ValueTask.CompletedTask;

    public void Add(LaneOutcome outcome)
    {
        lock (_gate)
        {
            _count++;
            _bytes += outcome.Size;
            if (_room is null && (_count >= MaxCount || _bytes >= MaxBytes))
            {
                _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    public void Remove(IReadOnlyList<LaneOutcome> written)
    {
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            _count -= written.Count;
            foreach (LaneOutcome outcome in written)
            {
                _bytes -= outcome.Size;
            }

            if (_room is not null && _count < MaxCount && _bytes < MaxBytes)
            {
                (room, _room) = (_room, null);
            }
        }

        room?.SetResult();
    }
}
