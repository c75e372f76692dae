using System.Diagnostics;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>When a query is to end: once its caller has left, or once it has taken too long. The wait for its turn counts.</summary>
/// <param name="longest">How long it may take; null for as long as it likes.</param>
/// <param name="cancellationToken">Canceled when the caller leaves.</param>
internal sealed class ReadLimit(TimeSpan? longest, CancellationToken cancellationToken)
{
    private readonly long _begun = Stopwatch.GetTimestamp();

    public bool IsOver => cancellationToken.IsCancellationRequested || IsTooLong;

    private bool IsTooLong => longest is { } limit && Stopwatch.GetElapsedTime(_begun) >= limit;

    /// <exception cref="OperationCanceledException">The caller has left.</exception>
    /// <exception cref="SearchLimitException">It has taken too long.</exception>
    public void ThrowIfOver()
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (IsTooLong)
        {
            throw new SearchLimitException(longest!.Value);
        }
    }
}
