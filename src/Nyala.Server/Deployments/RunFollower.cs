using System.Runtime.CompilerServices;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>Follows a run to its end, from the store: a late follower first reads what it missed.</summary>
internal sealed class RunFollower(IStore store, LogNotifier feed)
{
    private const int PageSize = 500;

    /// <summary>Tells the log's top-level entries and, last of all, the end.</summary>
    /// <param name="run">The run.</param>
    /// <param name="after">Only entries after this one.</param>
    /// <param name="quiet">After how long without news to give an empty piece, as a sign of life.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<RunUpdate> FollowAsync(
        RunRecord run, long after, TimeSpan quiet, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using LogNotifier.Follower follower = feed.Follow(run.Id);
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

/// <summary>What is new of a run.</summary>
/// <param name="Entries">What its log has grown by.</param>
/// <param name="Ended">The run, once it has ended and the whole log was returned; null before.</param>
internal sealed record RunUpdate(IReadOnlyList<LogRecord> Entries, RunRecord? Ended)
{
    public static RunUpdate None { get; } = new([], null);
}
