using System.Collections.Concurrent;

namespace Nyala.Server.Deploying;

/// <summary>The deployments that this server performs now.</summary>
internal sealed class RunningDeployments
{
    private readonly ConcurrentDictionary<long, RunningDeployment> _all = [];

    /// <summary>Adds one, until it ends.</summary>
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

    /// <summary>Finds the newest of a deployment; null if it is not performed now. One that has ended is here until its hooks have been called.</summary>
    public RunningDeployment? Find(string site, string deployment) => _all.Values
        .Where(one => one.Run.Site.Equals(site, StringComparison.OrdinalIgnoreCase) && one.Run.Deployment.Equals(deployment, StringComparison.Ordinal))
        .MaxBy(one => one.Run.Id);
}
