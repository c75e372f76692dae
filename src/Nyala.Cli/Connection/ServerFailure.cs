using System.Net;
using System.Text.Json;
using Nyala.Client;

namespace Nyala.Cli.Connection;

/// <summary>Says in one line why a call to a server failed.</summary>
internal static class ServerFailure
{
    /// <summary>The line; null where the error is not about the server, or the caller gave up.</summary>
    public static string? Explain(Exception error, KnownServer server, CancellationToken cancellationToken) => error switch
    {
        NyalaException { Status: HttpStatusCode.Unauthorized } when server.Token is null =>
            $"the server at {server.Name} wants a token: set {ServerChoice.TokenVariable}.",
        NyalaException { Status: HttpStatusCode.Unauthorized } refused =>
            $"the server at {server.Name} does not accept the token: {RefusalWords.InVerbs(refused.Message)} Set {ServerChoice.TokenVariable} to a valid one.",
        NyalaException refused => RefusalWords.InVerbs(refused.Message),

        // A file of this machine, whose verb says so itself.
        FileNotFoundException or DirectoryNotFoundException => null,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            $"cannot reach the server at {server.Name} by TLS: {Innermost(error)}. If it speaks plain HTTP there, its address begins with http. An authority of your own is trusted if SSL_CERT_FILE names its certificate.",
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse } when server.Address.Scheme == Uri.UriSchemeHttp =>
            $"the server at {server.Name} did not answer by HTTP: {Innermost(error)}. If it speaks HTTPS there, its address begins with https.",
        HttpRequestException or IOException =>
            $"cannot reach the server at {server.Name}: {Innermost(error)}. Start it with \"nyala serve\", or name another with --server or {ServerChoice.ServerVariable}.",
        OperationCanceledException when !cancellationToken.IsCancellationRequested =>
            $"the server at {server.Name} did not answer in time. Look at its log, or try again.",
        JsonException => $"the server at {server.Name} answered something that is not Nyala's. Is the address right?",
        _ => null,
    };

    /// <summary>The cause in the operating system's words, without a full stop at its end.</summary>
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
