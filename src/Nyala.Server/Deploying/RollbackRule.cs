using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>Decides which run a rollback deploys again. Pure.</summary>
internal static class RollbackRule
{
    /// <summary>
    /// Returns the run before the first run of the live deployment, so that a second rollback goes one step further back and not forward again; null if there
    /// is no run before it.
    /// </summary>
    /// <param name="succeeded">The site's successful runs, newest first. The first one is live.</param>
    public static RunRecord? Judge(IReadOnlyList<RunRecord> succeeded)
    {
        if (succeeded is not [RunRecord now, ..])
        {
            return null;
        }

        RunRecord first = succeeded.Last(run => run.Deployment == now.Deployment);
        return succeeded.SkipWhile(run => run != first).Skip(1).FirstOrDefault();
    }
}
