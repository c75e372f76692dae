namespace Nyala.Bench.Front;

/// <summary>A server in a separate process that accepts events over HTTP.</summary>
internal interface IFrontServer : IAsyncDisposable
{
    Uri Address { get; }

    /// <summary>The processor time that the server and its database have used so far.</summary>
    TimeSpan Processor { get; }

    /// <summary>Counts the accepted events that are not delivered and recorded.</summary>
    ValueTask<long> PendingAsync(CancellationToken cancellationToken);

    /// <summary>Adds a round to the expected numbers, and verifies them. It takes a while, so it is separate from the run.</summary>
    /// <param name="accepted">The number of events that the server accepted in the round.</param>
    /// <param name="delivers">Whether each of them was to be delivered.</param>
    /// <exception cref="BenchException">The numbers differ.</exception>
    ValueTask VerifyAsync(int accepted, bool delivers, CancellationToken cancellationToken);
}
