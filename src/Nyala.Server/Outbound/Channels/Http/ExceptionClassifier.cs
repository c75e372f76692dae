using System.Net.Sockets;
using System.Security.Cryptography;

namespace Nyala.Server.Outbound.Channels.Http;

/// <summary>
/// Classifies an exception: whose fault it is, and the reason to show. It never decides by the exception's message, which the framework may change.
/// </summary>
internal static class ExceptionClassifier
{
    /// <summary>The maximum size of the response headers, in KiB.</summary>
    public const int HeadersLimit = 32;

    /// <param name="error">The exception.</param>
    /// <param name="exchange">The state of the request; null if it was not tracked.</param>
    /// <param name="timedOut">Whether the time limit was reached.</param>
    /// <param name="timeout">The time limit.</param>
    public static (OutcomeKind Kind, string Reason) Classify(Exception error, Exchange? exchange, bool timedOut, TimeSpan timeout)
    {
        switch (Causes(error).FirstOrDefault(cause => cause is AddressRefusedException or TlsFailedException))
        {
            case AddressRefusedException refused:
                return (OutcomeKind.Unanswered, refused.Message);
            case TlsFailedException tls:
                return (OutcomeKind.Unanswered, "TLS failed: " + tls.Message);
        }

        if (timedOut)
        {
            return (OutcomeKind.Unanswered, $"No complete response within {timeout.TotalSeconds:0.###} s.");
        }

        if (TlsFailure.OfAlert(error) is { } alert)
        {
            return (OutcomeKind.Unanswered, "TLS failed: " + alert);
        }

        return error switch
        {
            HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError code } } => OfSocket(code),
            HttpRequestException http => (OutcomeKind.Unanswered, OfRequest(http, exchange)),
            AccountSecretException => (OutcomeKind.OurFault, error.Message),
            CryptographicException => (OutcomeKind.OurFault, "A certificate of the hook cannot be read: " + error.Message),
            OperationCanceledException => (OutcomeKind.Unanswered, "The connection was not established in time."),
            IOException => (OutcomeKind.Unanswered, "The connection was closed in the middle of the response."),
            _ => (OutcomeKind.OurFault, $"The server failed to make the attempt: {error.GetType().Name}."),
        };
    }

    /// <summary>Whether the request was not sent because its hook had changed.</summary>
    public static bool IsWithdrawn(Exception error) => Causes(error).Any(cause => cause is RequestWithdrawnException);

    /// <summary>Whether the connection was lost. False if the request timed out or the response was invalid.</summary>
    public static bool IsConnectionLost(Exception error) => error is HttpRequestException
        && Causes(error).Any(cause => cause is IOException or SocketException)
        && !Causes(error).Any(cause => cause is OperationCanceledException);

    private static IEnumerable<Exception> Causes(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    private static (OutcomeKind Kind, string Reason) OfSocket(SocketError code) => code switch
    {
        SocketError.HostNotFound or SocketError.NoData => (OutcomeKind.Unanswered, "The host name was not found."),
        SocketError.TryAgain => (OutcomeKind.Unanswered, "The host name cannot be resolved right now."),
        SocketError.ConnectionRefused => (OutcomeKind.Unanswered, "The connection was refused."),
        SocketError.ConnectionReset => (OutcomeKind.Unanswered, "The connection was reset."),
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => (OutcomeKind.Unanswered, "The host cannot be reached."),
        SocketError.TimedOut => (OutcomeKind.Unanswered, "The connection was not established in time."),
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable =>
            (OutcomeKind.OurFault, $"This server is out of sockets ({code})."),
        _ => (OutcomeKind.Unanswered, $"The connection failed ({code})."),
    };

    private static string OfRequest(HttpRequestException error, Exchange? exchange) => error.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "The host name was not found.",
        HttpRequestError.SecureConnectionError => "TLS failed: " + TlsFailure.OfHandshake(error.InnerException ?? error, shown: false, wanted: false),
        HttpRequestError.ResponseEnded => Odd(exchange) ?? Closed(error, exchange),
        HttpRequestError.InvalidResponse => Odd(exchange) ?? "The response is not HTTP: its status line or a header is malformed.",
        HttpRequestError.ConfigurationLimitExceeded => $"The response headers are too long: more than {HeadersLimit} KiB.",
        HttpRequestError.ConnectionError => "The connection failed.",
        _ => error.InnerException is IOException ? Closed(error, exchange) : $"The request failed ({error.HttpRequestError}).",
    };

    private static string? Odd(Exchange? exchange) => exchange is null ? null : NonHttpResponse.Explain(exchange.Beginning.Bytes, exchange.Beginning.Count);

    private static string Closed(Exception error, Exchange? exchange)
    {
        bool reset = Causes(error).Any(cause => cause is SocketException { SocketErrorCode: SocketError.ConnectionReset });
        string wanted = exchange is { FirstByte: null, Opening.LacksCertificate: true }
            ? " The receiver asked for a client certificate, but got none. Set the hook's client_certificate."
            : "";
        return $"The connection was {(reset ? "reset" : "closed")} without {(exchange?.FirstByte is null ? "a response" : "a complete response")}.{wanted}";
    }
}
