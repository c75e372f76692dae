using System.Diagnostics;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>Ends a query when its caller leaves or when it takes too long, including the wait for its turn.</summary>
/// <param name="longest">The maximum duration; null for no limit.</param>
/// <param name="cancellationToken">Canceled when the caller leaves.</param>
internal sealed class ReadLimit(TimeSpan? longest, CancellationToken cancellationToken)
{
    private readonly long _begun = Stopwatch.GetTimestamp();

    public bool IsOver => cancellationToken.IsCancellationRequested || IsTooLong;

    private bool IsTooLong => longest is { } limit && Stopwatch.GetElapsedTime(_begun) >= limit;

    /// <exception cref="OperationCanceledException">The caller left.</exception>
    /// <exception cref="SearchLimitException">The query took too long.</exception>
    public void ThrowIfOver()
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (IsTooLong)
        {
            throw new SearchLimitException(longest!.Value);
        }
    }
}
