using System.Runtime.CompilerServices;
using Nyala.Client;

namespace Nyala.Server.Outbound.Channels.Http;

/// <summary>Sends attempts as signed HTTP requests.</summary>
internal sealed class HttpChannel(OutboundOptions options, AddressGuard guard, IResolver resolver, OutboundInstruments instruments, TimeProvider clock)
    : IChannel, IDisposable
{
    /// <summary>A connection that is already dead fails at once. A failure that takes longer is caused by the receiver.</summary>
    private static readonly TimeSpan DeadConnection = TimeSpan.FromSeconds(1);

    private readonly ConnectionPools _pools = new(new ConnectorParts(guard, resolver, options, instruments, clock));

    // This runs for every attempt. With the pooled builder it allocates nothing, and neither does the try.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<SendResult?> SendAsync(Attempt attempt, CancellationToken hardStop)
    {
        (SendResult? result, bool dead) = await TryAsync(attempt, (HttpTarget)attempt.Target, hardStop);
        if (dead && result is { } failed && failed.Timings.Total < DeadConnection)
        {
            // The receiver closed an idle connection while the request was on its way. Neither side is at fault, so it does not count as an attempt.
            instruments.Repeated();
            (result, _) = await TryAsync(attempt, (HttpTarget)attempt.Target, hardStop);
        }

        return result;
    }

    public RequestPreview Preview(Attempt attempt)
    {
        var target = (HttpTarget)attempt.Target;
        target = target.Authorize is null ? target : target with { Authorize = (_, _, _) => CustomHeader.Mask };
        using HttpRequestMessage request = SignedRequest.Compose(attempt, target, clock.GetUtcNow());
        request.Headers.Remove(WebhookSignature.SignatureHeader);
        request.Headers.TryAddWithoutValidation(WebhookSignature.SignatureHeader, CustomHeader.Mask);
        return new RequestPreview(request.Method.Method, request.RequestUri!.OriginalString, SentHeaders.Of(request, target));
    }

    public void Dispose() => _pools.Dispose();

    /// <summary>Sends the request once.</summary>
    /// <returns>
    /// The result, null if the target was withdrawn; and whether it failed because the reused connection was dead, before any byte of a response was received.
    /// </returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(SendResult? Result, bool Dead)> TryAsync(Attempt attempt, HttpTarget target, CancellationToken hardStop)
    {
        DateTimeOffset started = clock.GetUtcNow();
        long timestamp = clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(options.AttemptTimeout, clock);
        using CancellationTokenRegistration stop = hardStop.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), timeout);
        var exchange = new Exchange(target);
        string? headers = null;
        try
        {
            Exchange.Current = exchange;
            using HttpRequestMessage request = SignedRequest.Compose(attempt, target, started);
            headers = SentHeaders.Of(request, target);
            using ConnectionPools.Lease lease = _pools.Rent(target.Tls);
            using HttpResponseMessage response = await lease.Invoker.SendAsync(request, timeout.Token);
            byte[]? body = await ReadBodyAsync(response, timeout.Token);
            Timings timings = TimingsOf(exchange, timestamp);
            return (SendResult.Answered(started, timings, new HttpAnswer(response, body, clock.GetUtcNow())) with { RequestHeaders = headers }, false);
        }
        catch (OperationCanceledException) when (hardStop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error) when (ExceptionClassifier.IsWithdrawn(error))
        {
            return (null, false);
        }
        catch (Exception error)
        {
            Timings timings = TimingsOf(exchange, timestamp);
            (OutcomeKind kind, string reason) = ExceptionClassifier.Classify(error, exchange, timeout.IsCancellationRequested, options.AttemptTimeout);
            bool dead = exchange is { Reused: true, FirstByte: null } && ExceptionClassifier.IsConnectionLost(error);
            return (SendResult.Failed(kind, started, timings, reason) with { RequestHeaders = headers }, dead);
        }
    }

    private Timings TimingsOf(Exchange exchange, long started) => new(
        exchange.Opening,
        exchange.FirstByte is { } first ? clock.GetElapsedTime(started, first) : null,
        clock.GetElapsedTime(started));

    private async ValueTask<byte[]?> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
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
}
