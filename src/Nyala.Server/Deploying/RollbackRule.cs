using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>Decides what a rollback leads to. Pure.</summary>
internal static class RollbackRule
{
    /// <summary>
    /// The run before the first run of what is live: rolling back twice goes two steps back, and not to where it
    /// came from. Null if there is nothing before it.
    /// </summary>
    /// <param name="succeeded">The runs that succeeded at the site, newest first; the first is what it runs.</param>
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
