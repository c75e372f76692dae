namespace Nyala.Bench;

/// <summary>Posts a body as Nyala does, through one handler, without signing.</summary>
internal sealed class BareClient(Uri address) : IDisposable
{
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
    });

    /// <exception cref="BenchException">The receiver did not accept the request.</exception>
    public async Task PostAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
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

    public void Dispose() => _invoker.Dispose();
}
