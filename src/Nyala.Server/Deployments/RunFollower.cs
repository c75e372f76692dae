using System.Runtime.CompilerServices;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>Follows a run to its end by reading the store, so that a late follower first gets everything that it missed.</summary>
internal sealed class RunFollower(IStore store, LogNotifier notifier)
{
    private const int PageSize = 500;

    /// <summary>Returns the log's top-level entries as they are written and, last, the end of the run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="after">The number of the entry to start after; 0 for the whole log.</param>
    /// <param name="quiet">The time without news after which <see cref="RunUpdate.None"/> is returned, as a sign of life.</param>
    /// <param name="cancellationToken">Stops following.</param>
    public async IAsyncEnumerable<RunUpdate> FollowAsync(
        RunRecord run, long after, TimeSpan quiet, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using LogNotifier.Follower follower = notifier.Follow(run.Id);
        while (true)
        {
            (RunRecord? now, IReadOnlyList<LogRecord> entries) = await store.ReadAsync(
                tables => (tables.Runs.FindByNumber(run.Site, run.Deployment, run.Number), tables.Log.Read(run.Id, parent: 0, after, PageSize)),
                cancellationToken);
            bool all = entries.Count < PageSize;
            bool over = all && now?.Ended is not null;
            if (entries.Count > 0 || over)
            {
                after = entries.Count > 0 ? entries[^1].Seq : after;
                yield return new RunUpdate(entries, over ? now : null);
            }

            if (over || now is null)
            {
                yield break;
            }

            if (all && !await follower.NextAsync(quiet, cancellationToken))
            {
                yield return RunUpdate.None;
            }
        }
    }
}

/// <summary>News of a run.</summary>
/// <param name="Entries">The new log entries.</param>
/// <param name="Ended">The run, once it has ended and the whole log was returned; null before.</param>
internal sealed record RunUpdate(IReadOnlyList<LogRecord> Entries, RunRecord? Ended)
{
    public static RunUpdate None { get; } = new([], null);
}
