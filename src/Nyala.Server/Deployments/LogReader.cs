using System.Runtime.CompilerServices;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>Reads the logs of runs page by page, so that a log can have any length.</summary>
internal sealed class LogReader(IStore store, RunLogs log)
{
    private const int PageSize = 500;

    /// <summary>Reads the top-level entries, with a note where entries were dropped.</summary>
    public IAsyncEnumerable<LogRecord> ReadAsync(long run, CancellationToken cancellationToken) =>
        PagesAsync((tables, after) => log.Read(tables, run, after, PageSize), cancellationToken);

    /// <summary>Reads the entries below an entry.</summary>
    public IAsyncEnumerable<LogRecord> ReadDetailsAsync(long run, long parent, CancellationToken cancellationToken) =>
        PagesAsync((tables, after) => tables.Log.Read(run, parent, after, PageSize), cancellationToken);

    /// <summary>Whether a run's log has an entry.</summary>
    public Task<bool> HasAsync(long run, long entry, CancellationToken cancellationToken) =>
        store.ReadAsync(tables => tables.Log.Find(run, entry) is not null, cancellationToken);

    private async IAsyncEnumerable<LogRecord> PagesAsync(
        Func<ITables, long, IReadOnlyList<LogRecord>> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long after = 0;
        IReadOnlyList<LogRecord> page;
        do
        {
            page = await store.SearchAsync(tables => read(tables, after), cancellationToken);
            foreach (LogRecord entry in page)
            {
                yield return entry;

                // The note about dropped entries has the number 0.
                after = Math.Max(after, entry.Seq);
            }
        }
        while (page.Count >= PageSize);
    }
}
