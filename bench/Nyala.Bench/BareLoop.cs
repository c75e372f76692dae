using System.Diagnostics;

namespace Nyala.Bench;

/// <summary>The baseline: the same POST through one handler, without signing and without storage.</summary>
internal sealed class BareLoop(Uri address, int concurrency, byte[] body) : IDisposable
{
    private readonly BareClient _client = new(address);

    /// <summary>Sends a number of requests.</summary>
    /// <returns>The elapsed time.</returns>
    public async Task<TimeSpan> RunAsync(int requests, CancellationToken cancellationToken)
    {
        int left = requests;
        long started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(
            async () =>
            {
                while (Interlocked.Decrement(ref left) >= 0)
                {
                    await _client.PostAsync(body, cancellationToken);
                }
            },
            cancellationToken)));
        return Stopwatch.GetElapsedTime(started);
    }

    public void Dispose() => _client.Dispose();
}
