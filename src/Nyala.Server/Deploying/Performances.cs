using System.Collections.Concurrent;

namespace Nyala.Server.Deploying;

/// <summary>The deployments that this server performs now.</summary>
internal sealed class Performances
{
    private readonly ConcurrentDictionary<long, Performance> _all = [];

    /// <summary>Adds one, until it ends.</summary>
    public void Add(Performance performance)
    {
        _all[performance.Run.Id] = performance;
        _ = performance.Ended.ContinueWith(
            _ =>
            {
                _all.TryRemove(performance.Run.Id, out Performance? _);
                performance.Cancellation.Dispose();
            },
            TaskScheduler.Default);
    }

    /// <summary>Finds one by the id of its run; null where it is not performed now.</summary>
    public Performance? Find(long run) => _all.GetValueOrDefault(run);
}
