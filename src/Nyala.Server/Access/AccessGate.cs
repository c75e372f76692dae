using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Nyala.Client.Json;
using Nyala.Server.Http;

namespace Nyala.Server.Access;

/// <summary>
/// Identifies the caller of each request by a token, and lets the request through if the token meets the requirement of its endpoint. Every request passes it,
/// so it is one step without a task of its own. <see cref="AccessRule"/> decides.
/// </summary>
internal sealed class AccessGate(
    RequestDelegate next, TokenCache tokens, FailedSignIns failures, AccessInstruments instruments, IProblemDetailsService problems, ILogger<AccessGate> logger)
{
    /// <summary>The header that tells a caller when its token expires, so that a client can warn in time. It is absent if the token does not expire.</summary>
    public const string ExpiresHeader = "Nyala-Token-Expires";

    public Task InvokeAsync(HttpContext http)
    {
        SignIn signIn = Identify(http);
        Endpoint? endpoint = http.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return next(http);
        }

        return signIn.Caller is not { } caller ? ChallengeAsync(http, signIn)
            : Judge(http, endpoint, caller) is { } denial ? RefuseAsync(http, StatusCodes.Status403Forbidden, denial.Title, denial.Detail)
            : next(http);
    }

    /// <summary>Judges a request of a known caller. Returns null if it is allowed.</summary>
    private static Denial? Judge(HttpContext http, Endpoint? endpoint, Caller caller)
    {
        // No route matches the path, or none matches the method. A caller with a token then gets 404 or 405.
        if (endpoint is not RouteEndpoint)
        {
            return null;
        }

        return AccessRule.Judge(
            endpoint.Metadata.GetMetadata<ScopeRequirement>(), caller, http.GetRouteValue(RequestSite.RouteValue) as string, http.Request.Path.Value ?? "");
    }

    private SignIn Identify(HttpContext http)
    {
        if (Credentials.TokenIn(http.Request.Headers.Authorization) is not { } token)
        {
            return default;
        }

        // A valid token is accepted even if many sign-ins from its address failed, so that one misconfigured reporter does not stop every
        // deployment behind the same NAT. Guessing is prevented by the size of a token.
        if (tokens.Identify(token, out bool expired) is not { } caller)
        {
            return new SignIn(Sent: true, Caller: null, Fail(http, expired));
        }

        http.Features.Set(caller);
        if (caller.Expires is { } expires)
        {
            http.Response.Headers[ExpiresHeader] = KuduTime.Format(expires);
        }

        return new SignIn(Sent: true, caller, Wait: null);
    }

    /// <summary>Counts a failed sign-in. Returns how long its address has to wait; null if it may try again.</summary>
    private TimeSpan? Fail(HttpContext http, bool expired)
    {
        (int count, TimeSpan left) = failures.Add(Caller.AddressOf(http));
        instruments.Failed(expired, blocked: count > FailedSignIns.Allowed);
        if (count == FailedSignIns.Allowed + 1)
        {
            AccessLog.LogInsBlocked(logger, count, Caller.AddressOf(http)?.ToString() ?? "nowhere");
        }

        return count > FailedSignIns.Allowed ? left : null;
    }

    private Task ChallengeAsync(HttpContext http, SignIn signIn)
    {
        if (signIn.Wait is { } wait)
        {
            http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return RefuseAsync(
                http,
                StatusCodes.Status429TooManyRequests,
                "Too many failed sign-ins",
                $"More than {FailedSignIns.Allowed} requests with a wrong token came from this address within a minute. Wait before you try another token. A valid token is always accepted.");
        }

        http.Response.Headers.WWWAuthenticate = "Basic realm=\"Nyala\", charset=\"UTF-8\"";
        return signIn.Sent
            ? RefuseAsync(
                http,
                StatusCodes.Status401Unauthorized,
                "Invalid token",
                "The token is mistyped, revoked or expired. An admin can create another with `nyala tokens create`.")
            : RefuseAsync(
                http,
                StatusCodes.Status401Unauthorized,
                "Token required",
                "Send a token as `Authorization: Bearer TOKEN`, or as the password of Basic authentication with any user name. "
                + "The server printed the admin token at its first start, and keeps it in the file admin-token of the data folder. Use it to create other tokens.");
    }

    private async Task RefuseAsync(HttpContext http, int status, string title, string detail)
    {
        http.Response.StatusCode = status;
        if (http.GetEndpoint()?.Metadata.GetMetadata<TextRefusals>() is not null)
        {
            http.Response.ContentType = "text/plain; charset=utf-8";
            await http.Response.WriteAsync($"{title}. {detail}\n", http.RequestAborted);
            return;
        }

        await problems.WriteAsync(new ProblemDetailsContext
        {
            HttpContext = http,
            ProblemDetails = { Status = status, Title = title, Detail = detail },
        });
    }

    /// <summary>What the token of a request says about its sender.</summary>
    /// <param name="Sent">Whether the request has a token.</param>
    /// <param name="Caller">The caller; null if the token is not valid or was not sent.</param>
    /// <param name="Wait">How long the address has to wait after too many failures; null if it does not.</param>
    private readonly record struct SignIn(bool Sent, Caller? Caller, TimeSpan? Wait);
}
