using System.Net;
using System.Text.Json;
using Nyala.Client;

namespace Nyala.Cli.Connection;

/// <summary>Explains in one line why a call to a server failed.</summary>
internal static class ServerFailure
{
    /// <summary>Returns the line; null if the error is not about the server, or the caller canceled the call.</summary>
    public static string? Explain(Exception error, ServerTarget server, CancellationToken cancellationToken) => error switch
    {
        NyalaException { Status: HttpStatusCode.Unauthorized } when server.Token is null =>
            $"the server at {server.Name} requires a token: set {ServerChoice.TokenVariable}.",
        NyalaException { Status: HttpStatusCode.Unauthorized } refused =>
            $"the server at {server.Name} does not accept the token: {RefusalText.WithVerbs(refused.Message)} Set {ServerChoice.TokenVariable} to a valid one.",
        NyalaException refused => RefusalText.WithVerbs(refused.Message),

        // A file on this machine: the verb itself reports the error.
        FileNotFoundException or DirectoryNotFoundException => null,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            $"cannot reach the server at {server.Name} over TLS: {Innermost(error)}. If it uses plain HTTP, use an http:// URL. To trust your own certificate authority, set SSL_CERT_FILE to its certificate.",
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse } when server.Address.Scheme == Uri.UriSchemeHttp =>
            $"the server at {server.Name} did not send an HTTP response: {Innermost(error)}. If it uses HTTPS, use an https:// URL.",
        HttpRequestException or IOException =>
            $"cannot reach the server at {server.Name}: {Innermost(error)}. Start it with \"nyala serve\", or specify another with --server or {ServerChoice.ServerVariable}.",
        OperationCanceledException when !cancellationToken.IsCancellationRequested =>
            $"the server at {server.Name} did not answer in time. Try again, or check the server's log.",
        JsonException => $"the server at {server.Name} sent a response that is not from Nyala. Check the URL.",
        _ => null,
    };

    /// <summary>Returns the message of the innermost exception, which is usually the operating system's, without a full stop at the end.</summary>
    public static string Innermost(Exception error)
    {
        Exception cause = error;
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return cause.Message.TrimEnd('.', ' ');
    }
}
