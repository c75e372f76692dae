using System.Globalization;
using System.Text;
using Nyala.Client;

namespace Nyala.Peers;

/// <summary>The delivery of every peer: signs and posts the body, so that the receiver can verify it.</summary>
internal static class SignedPost
{
    private static readonly HttpMessageInvoker Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null });
    private static readonly byte[] Key = WebhookSecret.TryDecode(WebhookSecret.Create(), out byte[] key) ? key : [];
    private static int _done;

    public static Uri Receiver { get; set; } = null!;

    public static string Body { get; } = Payload();

    public static int Done => Volatile.Read(ref _done);

    public static async Task SendAsync(string id, string body, CancellationToken cancellationToken)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        string timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, Receiver) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=utf-8");
        request.Headers.TryAddWithoutValidation(WebhookSignature.IdHeader, id);
        request.Headers.TryAddWithoutValidation(WebhookSignature.TimestampHeader, timestamp);
        request.Headers.TryAddWithoutValidation(WebhookSignature.SignatureHeader, WebhookSignature.Sign(Key, id, timestamp, bytes));
        using HttpResponseMessage response = await Http.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"The receiver answered {(int)response.StatusCode}.");
        }

        Interlocked.Increment(ref _done);
    }

    private static string Payload() => $$"""{"id":"8f2c1d3a5b6e7f809a1b2c3d4e5f60718293a4b5","status":"success","statusText":"","authorEmail":"author@example.com","author":"An Author","message":"Show the basket's total with tax on the first page\n","progress":"","deployer":"pipeline","receivedTime":"2026-05-04T09:30:15.2500000Z","startTime":"2026-05-04T09:30:16.2500000Z","endTime":"2026-05-04T09:30:57.2500000Z","lastSuccessEndTime":"2026-05-04T09:30:57.2500000Z","complete":true,"siteName":"shop","hostName":"shop.example.com","branch":"main"}""";
}
