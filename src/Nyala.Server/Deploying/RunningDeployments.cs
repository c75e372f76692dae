using System.Collections.Concurrent;

namespace Nyala.Server.Deploying;

/// <summary>The deployments in progress on this server.</summary>
internal sealed class RunningDeployments
{
    private readonly ConcurrentDictionary<long, RunningDeployment> _all = [];

    /// <summary>Adds a deployment. It is removed when it has ended.</summary>
    public void Add(RunningDeployment running)
    {
        _all[running.Run.Id] = running;
        _ = running.Ended.ContinueWith(
            _ =>
            {
                _all.TryRemove(running.Run.Id, out RunningDeployment? _);
                running.Cancellation.Dispose();
            },
            TaskScheduler.Default);
    }

    /// <summary>
    /// Returns the newest run of a deployment; null if none is in progress. A run stays listed until <see cref="RunningDeployment.Ended"/> has completed.
    /// </summary>
    public RunningDeployment? Find(string site, string deployment) => _all.Values
        .Where(one => one.Run.Site.Equals(site, StringComparison.OrdinalIgnoreCase) && one.Run.Deployment.Equals(deployment, StringComparison.Ordinal))
        .MaxBy(one => one.Run.Id);
}
