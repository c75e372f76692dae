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

    /// <summary>Finds the newest of a deployment; null where it is not performed now. One that has ended is here until its hooks have been called.</summary>
    public Performance? Find(string site, string deployment) => _all.Values
        .Where(one => one.Run.Site.Equals(site, StringComparison.OrdinalIgnoreCase) && one.Run.Deployment.Equals(deployment, StringComparison.Ordinal))
        .MaxBy(one => one.Run.Id);
}
