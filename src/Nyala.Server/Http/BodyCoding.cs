using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Nyala.Server.Http;

/// <summary>
/// Refuses bodies with a content coding (<c>Content-Encoding</c>), such as gzip. The server does not decode them, so it would misread them, or store them
/// encoded. A zip is compressed already.
/// </summary>
internal static class BodyCoding
{
    private const int MaxShown = 40;

    /// <summary>The values that mean no coding. The .NET SDK's ZipDeploy sends the name of a character set in this header.</summary>
    private static readonly string[] None = ["identity", "utf-8"];

    /// <summary>Returns the first coding that is not accepted; null if there is none, or if the request has no body.</summary>
    public static string? Judge(HttpContext http) =>
        http.Request.Headers.ContentEncoding.Count == 0 || http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false ? null
        : http.Request.Headers.ContentEncoding.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(coding => !None.Contains(coding, StringComparer.OrdinalIgnoreCase));

    /// <summary>Returns 415.</summary>
    public static ProblemHttpResult Refuse(HttpContext http, string coding)
    {
        http.Response.Headers.AcceptEncoding = "identity";
        string shown = coding.Length > MaxShown ? coding[..MaxShown] + "…" : coding;
        return TypedResults.Problem(
            $"Content-Encoding '{shown}' is not supported here. Send the body unencoded, without this header.", title: "Unsupported content coding", statusCode: StatusCodes.Status415UnsupportedMediaType);
    }
}
