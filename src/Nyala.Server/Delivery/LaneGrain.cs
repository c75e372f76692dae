using Orleans.Concurrency;

namespace Nyala.Server.Delivery;

/// <summary>A hook's lane in the cluster. Orleans places it once and keeps it single.</summary>
internal interface ILaneGrain : IGrainWithIntegerKey
{
    /// <summary>Says that the store has something for this hook. Completes once its lane is awake.</summary>
    [AlwaysInterleave]
    Task WakeAsync();
}

/// <summary>
/// Gives the lane its place and its end. The sending runs outside the grain's turns, so Orleans is not in the
/// hot loop. Orleans cannot tell an idle lane from a busy one, so the lane ends by itself.
/// </summary>
[CollectionAgeLimit(AlwaysActive = true)]
internal sealed class LaneGrain(LaneParts parts, ActiveLanes lanes, LaneWaker waker) : Grain, ILaneGrain, IAsyncDisposable
{
    private Lane? _lane;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        long hook = this.GetPrimaryKeyLong();
        _lane = new Lane(hook, parts);

        // Before it reads its hook, so that every change of the hook reaches the lane.
        lanes.Add(hook, _lane);
        _lane.Start();
        _ = DeactivateAtEndAsync(_lane);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // It gets changes for as long as anything of it may begin.
        await _lane!.StopAsync(parts.Options.StopTimeout);
        lanes.Remove(this.GetPrimaryKeyLong(), _lane);
    }

    public ValueTask DisposeAsync() => _lane?.DisposeAsync() ?? ValueTask.CompletedTask;

    public Task WakeAsync()
    {
        if (!_lane!.Wake())
        {
            // This lane is ending. After that, the call reaches the next grain.
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
