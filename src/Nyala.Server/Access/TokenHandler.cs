using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Access;

/// <summary>
/// Knows a caller by a token: as Bearer, or as the password of Basic with any user name, which is what Kudu's clients,
/// git and browsers send once they are challenged.
/// </summary>
internal sealed class TokenHandler(
    AdminToken admin, IProblemDetailsService problems, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Token";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (ReadToken(Request.Headers.Authorization) is not { } token)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (!admin.Matches(token))
        {
            return Task.FromResult(AuthenticateResult.Fail("unknown token"));
        }

        Context.Features.Set(new Caller(Token: null, "admin", Scopes.Admin, Site: null));
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Role, "admin")], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Basic realm=\"Nyala\", charset=\"UTF-8\"";
        await problems.WriteAsync(new ProblemDetailsContext
        {
            HttpContext = Context,
            ProblemDetails =
            {
                Status = StatusCodes.Status401Unauthorized,
                Title = "A token is needed",
                Detail = "Send a token as `Authorization: Bearer TOKEN`, or as the password of Basic with any user name. "
                    + "The first start of the server printed the admin token; it is kept in the file admin-token of the data folder.",
            },
        });
    }

    private static string? ReadToken(string? header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out AuthenticationHeaderValue? value) || value.Parameter is not { Length: > 0 } parameter)
        {
            return null;
        }

        if (value.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return parameter;
        }

        if (!value.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        byte[] decoded = new byte[parameter.Length];
        if (!Convert.TryFromBase64String(parameter, decoded, out int length))
        {
            return null;
        }

        string pair = Encoding.UTF8.GetString(decoded, 0, length);
        int colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : pair[(colon + 1)..];
    }
}
