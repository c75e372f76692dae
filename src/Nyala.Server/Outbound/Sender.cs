using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Reflection;
using Nyala.Client;

namespace Nyala.Server.Outbound;

/// <summary>
/// The only door to the network. Two handlers serve every hook for the life of the server, so that connections are reused;
/// the one that checks no certificates is apart, lest a connection made through it serve a hook that asked for checks.
/// </summary>
internal sealed class Sender : IDisposable
{
    // A reason is kept with every attempt; a receiver may point anywhere at any length.
    private const int MaxTarget = 1024;

    private static readonly string UserAgent =
        "Nyala/" + typeof(Sender).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private readonly OutboundOptions _options;
    private readonly TimeProvider _clock;
    private readonly HttpMessageInvoker _checked;
    private readonly HttpMessageInvoker _dangerousUnchecked;

    public Sender(OutboundOptions options, AddressGuard guard, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        var connector = new Connector(guard);
        _checked = new HttpMessageInvoker(CreateHandler(options, connector));
        SocketsHttpHandler dangerous = CreateHandler(options, connector);
#pragma warning disable CA5359 // What insecure_ssl means, for the hooks that ask for it alone.
        dangerous.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true };
#pragma warning restore CA5359
        _dangerousUnchecked = new HttpMessageInvoker(dangerous);
    }

    /// <summary>Signs and makes one attempt. Never throws: whatever happens is an outcome, except that <paramref name="hardStop"/> cancels.</summary>
    /// <exception cref="OperationCanceledException">The server is stopping for good; the attempt's end is not known.</exception>
    public async Task<AttemptOutcome> SendAsync(Attempt attempt, CancellationToken hardStop)
    {
        DateTimeOffset started = _clock.GetUtcNow();
        long timestamp = _clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(_options.AttemptTimeout, _clock);
        using CancellationTokenRegistration stop = hardStop.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), timeout);
        try
        {
            using HttpRequestMessage request = Compose(attempt, started);
            HttpMessageInvoker invoker = attempt.Target.InsecureSsl ? _dangerousUnchecked : _checked;
            using HttpResponseMessage response = await invoker.SendAsync(request, timeout.Token);
            byte[]? answer = await ReadAnswerAsync(response, timeout.Token);
            var outcome = new AttemptOutcome(OutcomeKind.Answered, started, _clock.GetElapsedTime(timestamp), (int)response.StatusCode, Answer: answer);
            return outcome.Succeeded ? outcome : outcome with { Reason = Explain(response), RetryAfter = RetryAfter.Parse(Header(response, "Retry-After")) };
        }
        catch (OperationCanceledException) when (hardStop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error)
        {
            (OutcomeKind kind, string reason) = Failure.Classify(error, timeout.IsCancellationRequested, _options.AttemptTimeout);
            return new AttemptOutcome(kind, started, _clock.GetElapsedTime(timestamp), Reason: reason);
        }
    }

    public void Dispose()
    {
        _checked.Dispose();
        _dangerousUnchecked.Dispose();
    }

    private static SocketsHttpHandler CreateHandler(OutboundOptions options, Connector connector) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        ConnectTimeout = options.ConnectTimeout,
        ConnectCallback = connector.ConnectAsync,

        // An answer is cut, not drained, however long the receiver makes it.
        MaxResponseDrainSize = 0,
        MaxResponseHeadersLength = 32,

        // Lanes bound what is in flight. A connection lives long enough to be reused and short enough to follow DNS.
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
    };

    private static HttpRequestMessage Compose(Attempt attempt, DateTimeOffset now)
    {
        var content = new ReadOnlyMemoryContent(attempt.Body);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=utf-8");
        var request = new HttpRequestMessage(HttpMethod.Post, attempt.Target.Url) { Content = content };
        string timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        HttpRequestHeaders headers = request.Headers;
        headers.TryAddWithoutValidation("User-Agent", UserAgent);
        headers.TryAddWithoutValidation(WebhookSignature.IdHeader, attempt.WebhookId);
        headers.TryAddWithoutValidation(WebhookSignature.TimestampHeader, timestamp);
        headers.TryAddWithoutValidation(WebhookSignature.SignatureHeader, Sign(attempt, timestamp, now));
        headers.TryAddWithoutValidation("Nyala-Event", attempt.EventType);
        headers.TryAddWithoutValidation("Nyala-Attempt", attempt.Number.ToString(CultureInfo.InvariantCulture));
        if (attempt.Target.Authorization is { } authorization)
        {
            headers.TryAddWithoutValidation("Authorization", authorization);
        }

        foreach (CustomHeader header in attempt.Target.Headers)
        {
            headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        return request;
    }

    private static string Sign(Attempt attempt, string timestamp, DateTimeOffset now)
    {
        Target target = attempt.Target;
        IReadOnlyList<byte[]> keys = target.Retired is { } retired && retired.Until > now ? [.. target.Keys, retired.Key] : target.Keys;
        return keys.Count == 1
            ? WebhookSignature.Sign(keys[0], attempt.WebhookId, timestamp, attempt.Body.Span)
            : string.Join(' ', keys.Select(key => WebhookSignature.Sign(key, attempt.WebhookId, timestamp, attempt.Body.Span)));
    }

    private async Task<byte[]?> ReadAnswerAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength == 0 || _options.AnswerLimit == 0)
        {
            return null;
        }

        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[Math.Min(response.Content.Headers.ContentLength ?? _options.AnswerLimit, _options.AnswerLimit)];
        int read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return read == 0 ? null : buffer[..read];
    }

    private static string Explain(HttpResponseMessage response)
    {
        int status = (int)response.StatusCode;
        return status is >= 300 and <= 399 && Header(response, "Location") is { } target
            ? $"The receiver answered {status} and pointed to {(target.Length > MaxTarget ? target[..MaxTarget] + "…" : target)}; a redirect is not followed."
            : $"The receiver answered {status} {response.ReasonPhrase}.";
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;
}
