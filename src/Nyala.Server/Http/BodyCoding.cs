using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Nyala.Server.Http;

/// <summary>
/// Refuses bodies that are said to be packed (<c>Content-Encoding</c>): nothing here unpacks them, so they would be misread, or kept as they came. A zip is packed already.
/// </summary>
internal static class BodyCoding
{
    private const int MaxShown = 40;

    /// <summary>The .NET SDK's ZipDeploy sends the name of a character set where codings stand.</summary>
    private static readonly string[] None = ["identity", "utf-8"];

    /// <summary>The first coding that is not taken; null if there is none, or no body.</summary>
    public static string? Judge(HttpContext http) => http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false
        ? null
        : http.Request.Headers.ContentEncoding.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(coding => !None.Contains(coding, StringComparer.OrdinalIgnoreCase));

    /// <summary>415.</summary>
    public static ProblemHttpResult Refuse(HttpContext http, string coding)
    {
        http.Response.Headers.AcceptEncoding = "identity";
        string shown = coding.Length > MaxShown ? coding[..MaxShown] + "…" : coding;
        return TypedResults.Problem(
            $"Content-Encoding '{shown}' is not taken here: send the body as it is, without this header.", title: "This body is refused", statusCode: StatusCodes.Status415UnsupportedMediaType);
    }
}
