using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;

namespace Nyala.Server.Outbound;

/// <summary>Headers as text, a line for each, to be kept with an attempt.</summary>
internal static class SentHeaders
{
    public const string Mask = "***";
    private const int MaxAnswer = 8 * 1024;

    // It is written for every attempt, and what fits here needs no buffer.
    private const int Usual = 512;

    /// <summary>A request's headers. The values that are the hook's secrets are masked: what is kept is read by more people than may send.</summary>
    public static string Of(HttpRequestMessage request, Target target)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[Usual]);
        Uri url = request.RequestUri!;
        Line(ref text, "Host", url.IsDefaultPort ? url.IdnHost : $"{(url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost)}:{url.Port}");
        foreach ((string name, HeaderStringValues values) in request.Headers.NonValidated)
        {
            Line(ref text, name, IsSecret(name, target) ? Mask : values.ToString());
        }

        foreach ((string name, HeaderStringValues values) in request.Content!.Headers.NonValidated)
        {
            Line(ref text, name, IsSecret(name, target) ? Mask : values.ToString());
        }

        if (request.Content.Headers.ContentLength is { } length)
        {
            Line(ref text, "Content-Length", length.ToString(CultureInfo.InvariantCulture));
        }

        return text.ToStringAndClear();
    }

    /// <summary>The beginning of an answer's headers.</summary>
    public static string OfAnswer(HttpResponseMessage response)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[Usual]);
        Lines(ref text, response.Headers.NonValidated);
        Lines(ref text, response.Content.Headers.NonValidated);
        string all = text.ToStringAndClear();
        return all.Length <= MaxAnswer ? all : string.Concat(all.AsSpan(0, MaxAnswer - 1), "…");
    }

    private static void Lines(ref DefaultInterpolatedStringHandler text, HttpHeadersNonValidated headers)
    {
        foreach ((string name, HeaderStringValues values) in headers)
        {
            foreach (string value in values)
            {
                Line(ref text, name, ReceivedText.Readable(value));
            }
        }
    }

    private static bool IsSecret(string name, Target target) =>
        name == "Authorization" || target.Headers.Any(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static void Line(ref DefaultInterpolatedStringHandler text, string name, string value)
    {
        text.AppendLiteral(name);
        text.AppendLiteral(": ");
        text.AppendLiteral(value);
        text.AppendLiteral("\n");
    }
}
