using Orleans.Concurrency;

namespace Nyala.Server.Delivery;

/// <summary>The lane of a hook in the cluster. Orleans makes sure that there is only one.</summary>
internal interface ILaneGrain : IGrainWithIntegerKey
{
    /// <summary>Signals that the store has deliveries for this hook. Completes once the lane is awake.</summary>
    [AlwaysInterleave]
    Task WakeAsync();
}

/// <summary>
/// Starts and stops the lane of a hook. The lane runs outside the grain's turns, so Orleans is not in the hot loop. Orleans cannot tell an idle lane from a
/// busy one, so the lane ends by itself.
/// </summary>
[CollectionAgeLimit(AlwaysActive = true)]
internal sealed class LaneGrain(LaneParts parts, ActiveLanes lanes, LaneWaker waker) : Grain, ILaneGrain, IAsyncDisposable
{
    private Lane? _lane;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        long hook = this.GetPrimaryKeyLong();
        _lane = new Lane(hook, parts);

        // The lane is added before it reads its hook, so that every change of the hook reaches it.
        lanes.Add(hook, _lane);
        _lane.Start();
        _ = DeactivateAtEndAsync(_lane);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // The lane receives changes of its hook for as long as it may start an attempt.
        await _lane!.StopAsync(parts.Options.StopTimeout);
        lanes.Remove(this.GetPrimaryKeyLong(), _lane);
    }

    public ValueTask DisposeAsync() => _lane?.DisposeAsync() ?? ValueTask.CompletedTask;

    public Task WakeAsync()
    {
        if (!_lane!.Wake())
        {
            // This lane is ending. After its end, the new wake reaches the next grain.
            DeactivateOnIdle();
            waker.Wake(this.GetPrimaryKeyLong(), LaneWaker.Overdue);
        }

        return _lane.Started;
    }

    private async Task DeactivateAtEndAsync(Lane lane)
    {
        await lane.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        DeactivateOnIdle();
    }
}
