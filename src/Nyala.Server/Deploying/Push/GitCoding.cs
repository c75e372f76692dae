using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.Extensions.Primitives;

namespace Nyala.Server.Deploying.Push;

/// <summary>The content codings that git clients use for their requests: none, or gzip under either of its names.</summary>
internal static class GitCoding
{
    /// <summary>The supported codings, as sent in <c>Accept-Encoding</c> when a request is refused.</summary>
    public const string Supported = "gzip, identity";

    private const int MaxShown = 100;

    /// <summary>Returns why a request with these codings is refused; null if it is accepted.</summary>
    public static string? Refuse(StringValues header)
    {
        string[] codings = Read(header);
        return codings.Length == 0 || codings is [string one] && IsGzip(one) ? null
            : $"Content-Encoding '{Short(string.Join(", ", codings))}' is not supported here. Send the request unencoded, or compressed once with gzip.";
    }

    /// <summary>Whether the request declares its body as compressed.</summary>
    public static bool IsPacked(HttpRequest request) => Read(request.Headers.ContentEncoding).Length > 0;

    /// <summary>Opens the body, decompressed if necessary.</summary>
    public static PipeReader Open(HttpRequest request) => IsPacked(request)
        ? PipeReader.Create(new GZipStream(request.Body, CompressionMode.Decompress))
        : request.BodyReader;

    /// <summary>Returns the codings that a header names, except <c>identity</c>, which stands for none.</summary>
    private static string[] Read(StringValues header) =>
        [.. header.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(coding => !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))];

    private static bool IsGzip(string coding) => coding.Equals("gzip", StringComparison.OrdinalIgnoreCase) || coding.Equals("x-gzip", StringComparison.OrdinalIgnoreCase);

    private static string Short(string text) => text.Length > MaxShown ? text[..MaxShown] + "…" : text;
}
