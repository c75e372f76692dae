using System.Diagnostics;

namespace Nyala.Bench;

/// <summary>The baseline: the same POST through one handler, without signing and without storage.</summary>
internal sealed class BareLoop(Uri address, int concurrency, byte[] body) : IDisposable
{
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
    });

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
                    await PostAsync(cancellationToken);
                }
            },
            cancellationToken)));
        return Stopwatch.GetElapsedTime(started);
    }

    public void Dispose() => _invoker.Dispose();

    private async Task PostAsync(CancellationToken cancellationToken)
    {
        // The same number of headers as Nyala sends, with the same lengths.
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=utf-8");
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.TryAddWithoutValidation("User-Agent", "Nyala/0.1.0");
        request.Headers.TryAddWithoutValidation("webhook-id", "msg_843274823742837422");
        request.Headers.TryAddWithoutValidation("webhook-timestamp", "1777887015");
        request.Headers.TryAddWithoutValidation("webhook-signature", "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=");
        request.Headers.TryAddWithoutValidation("Nyala-Event", "PostDeployment");
        request.Headers.TryAddWithoutValidation("Nyala-Attempt", "1");
        using HttpResponseMessage response = await _invoker.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new BenchException($"The receiver answered {(int)response.StatusCode}.");
        }
    }
}
