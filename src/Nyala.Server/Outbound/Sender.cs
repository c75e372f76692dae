using System.Diagnostics;
using System.Net.Http.Headers;
using Nyala.Server.Outbound.Channels.Http;

namespace Nyala.Server.Outbound;

/// <summary>Makes the attempts of hooks: signs an attempt, sends it, and returns its outcome.</summary>
internal sealed class Sender(OutboundOptions options, AddressGuard guard, IResolver resolver, OutboundInstruments instruments, TimeProvider clock) : IDisposable
{
    // A reason is stored with every attempt, and the receiver determines the length of these texts.
    private const int MaxTarget = 1024;
    private const int MaxPhrase = 256;

    /// <summary>A connection that is already dead fails at once. A failure that takes longer is caused by the receiver.</summary>
    private static readonly TimeSpan DeadConnection = TimeSpan.FromSeconds(1);

    private readonly ConnectionPools _pools = new(new ConnectorParts(guard, resolver, options, instruments, clock));

    /// <summary>Signs and sends one attempt. Every failure is an outcome. Throws only if <paramref name="hardStop"/> is canceled.</summary>
    /// <returns>The outcome; null if the target was withdrawn before a byte was sent, so that there was no attempt.</returns>
    /// <exception cref="OperationCanceledException">The server is stopping. The result of the attempt is unknown.</exception>
    public async Task<AttemptOutcome?> SendAsync(Attempt attempt, CancellationToken hardStop)
    {
        using Activity? span = AttemptTrace.Begin(attempt);
        Attempt followed = span is null ? attempt : attempt with { Trace = span.Id };
        AttemptOutcome? outcome = await TryAsync(followed, hardStop);
        if (outcome is { DeadConnection: true } && outcome.Duration < DeadConnection)
        {
            // The receiver closed an idle connection while the request was on its way. Neither side is at fault, so it does not count as an attempt.
            instruments.Repeated();
            outcome = await TryAsync(followed, hardStop);
        }

        if (outcome is not null)
        {
            AttemptTrace.End(span, outcome);
        }

        return outcome;
    }

    public void Dispose() => _pools.Dispose();

    private async Task<AttemptOutcome?> TryAsync(Attempt attempt, CancellationToken hardStop)
    {
        DateTimeOffset started = clock.GetUtcNow();
        long timestamp = clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(options.AttemptTimeout, clock);
        using CancellationTokenRegistration stop = hardStop.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), timeout);
        var exchange = new Exchange(attempt.Target);
        string? sent = null;
        AttemptOutcome outcome;
        try
        {
            Exchange.Current = exchange;
            using HttpRequestMessage request = SignedRequest.Compose(attempt, started);
            sent = SentHeaders.Of(request, attempt.Target);
            using ConnectionPools.Lease lease = _pools.Rent(attempt.Target.Tls);
            using HttpResponseMessage response = await lease.Invoker.SendAsync(request, timeout.Token);
            byte[]? answer = await ReadAnswerAsync(response, timeout.Token);
            outcome = new AttemptOutcome(OutcomeKind.Answered, started, clock.GetElapsedTime(timestamp), (int)response.StatusCode, Answer: answer)
            {
                AnswerHeaders = SentHeaders.OfAnswer(response),
            };
            if (!outcome.Succeeded)
            {
                outcome = outcome with { Reason = Explain(response), RetryAfter = RetryAfter.Parse(Header(response, "Retry-After")) };
            }
        }
        catch (OperationCanceledException) when (hardStop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error) when (ExceptionClassifier.IsWithdrawn(error))
        {
            return null;
        }
        catch (Exception error)
        {
            (OutcomeKind kind, string reason) = ExceptionClassifier.Classify(error, exchange, timeout.IsCancellationRequested, options.AttemptTimeout);
            outcome = new AttemptOutcome(kind, started, clock.GetElapsedTime(timestamp), Reason: reason)
            {
                DeadConnection = exchange is { Reused: true, FirstByte: null } && ExceptionClassifier.IsConnectionLost(error),
            };
        }

        TimeSpan? firstByte = exchange.FirstByte is { } first ? clock.GetElapsedTime(timestamp, first) : null;
        return outcome with { RequestHeaders = sent, Timings = new Timings(exchange.Opening, firstByte, outcome.Duration) };
    }

    private async Task<byte[]?> ReadAnswerAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength == 0 || options.AnswerLimit == 0)
        {
            return null;
        }

        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[Math.Min(response.Content.Headers.ContentLength ?? options.AnswerLimit, options.AnswerLimit)];
        int read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return read == 0 ? null : buffer[..read];
    }

    private static string Explain(HttpResponseMessage response)
    {
        int status = (int)response.StatusCode;
        return status is >= 300 and <= 399 && Header(response, "Location") is { } target
            ? $"The receiver responded with {status} and a redirect to {Words(target, MaxTarget)}. Redirects are not followed."
            : $"The receiver responded with {status} {Words(response.ReasonPhrase ?? "", MaxPhrase)}".TrimEnd() + ".";
    }

    private static string Words(string received, int most) =>
        ReceivedText.Readable(received) is var text && text.Length > most ? text[..most] + "…" : text;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;
}
