using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Nyala.Client.Json;

namespace Nyala.Server.Access;

/// <summary>Identifies a caller by a token, and writes the response if the caller is refused.</summary>
internal sealed class TokenHandler(
    TokenCache tokens,
    FailedSignIns failures,
    AccessInstruments instruments,
    IProblemDetailsService problems,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Token";

    /// <summary>The header that tells a caller when its token expires, so that a client can warn in time. It is absent if the token does not expire.</summary>
    public const string ExpiresHeader = "Nyala-Token-Expires";

    private bool _sent;
    private bool _expired;
    private TimeSpan? _wait;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Credentials.TokenIn(Request.Headers.Authorization) is not { } token)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        _sent = true;

        // A valid token is accepted even if many sign-ins from its address failed, so that one misconfigured reporter does not stop every
        // deployment behind the same NAT. Guessing is prevented by the size of a token.
        if (tokens.Identify(token, out _expired) is not { } caller)
        {
            Fail();
            return Task.FromResult(AuthenticateResult.Fail("unknown token"));
        }

        Context.Features.Set(caller);
        if (caller.Expires is { } expires)
        {
            Response.Headers[ExpiresHeader] = KuduTime.Format(expires);
        }

        var principal = new ClaimsPrincipal(new ClaimsIdentity(SchemeName));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(principal, SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_wait is { } wait)
        {
            Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return RefuseAsync(
                StatusCodes.Status429TooManyRequests,
                "Too many failed sign-ins",
                $"More than {FailedSignIns.Allowed} requests with a wrong token came from this address within a minute. Wait before you try another token. A valid token is always accepted.");
        }

        Response.Headers.WWWAuthenticate = "Basic realm=\"Nyala\", charset=\"UTF-8\"";
        return _sent
            ? RefuseAsync(
                StatusCodes.Status401Unauthorized,
                "Invalid token",
                "The token is mistyped, revoked or expired. An admin can create another with `nyala tokens create`.")
            : RefuseAsync(
                StatusCodes.Status401Unauthorized,
                "Token required",
                "Send a token as `Authorization: Bearer TOKEN`, or as the password of Basic authentication with any user name. "
                + "The server printed the admin token at its first start, and keeps it in the file admin-token of the data folder. Use it to create other tokens.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Denial denial = ScopeHandler.Judge(Context) ?? new Denial("Forbidden", "The token does not allow this request.");
        return RefuseAsync(StatusCodes.Status403Forbidden, denial.Title, denial.Detail);
    }

    private void Fail()
    {
        (int count, TimeSpan left) = failures.Add(Caller.AddressOf(Context));
        instruments.Failed(_expired, blocked: count > FailedSignIns.Allowed);
        if (count <= FailedSignIns.Allowed)
        {
            return;
        }

        _wait = left;
        if (count == FailedSignIns.Allowed + 1)
        {
            AccessLog.LogInsBlocked(Logger, count, Caller.AddressOf(Context)?.ToString() ?? "nowhere");
        }
    }

    private async Task RefuseAsync(int status, string title, string detail)
    {
        Response.StatusCode = status;
        if (Context.GetEndpoint()?.Metadata.GetMetadata<TextRefusals>() is not null)
        {
            Response.ContentType = "text/plain; charset=utf-8";
            await Response.WriteAsync($"{title}. {detail}\n", Context.RequestAborted);
            return;
        }

        await problems.WriteAsync(new ProblemDetailsContext
        {
            HttpContext = Context,
            ProblemDetails = { Status = status, Title = title, Detail = detail },
        });
    }
}
