using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;

namespace Nyala.Server.Outbound.Channels.Http;

/// <summary>Formats headers as text, one per line, to be stored with an attempt.</summary>
internal static class SentHeaders
{
    private const int MaxAnswer = 8 * 1024;

    // This runs for every attempt. Text up to this length needs no buffer from the pool.
    private const int Usual = 512;

    /// <summary>Formats the headers of a request. The hook's secrets are masked, because more people can read attempts than can send requests.</summary>
    public static string Of(HttpRequestMessage request, HttpTarget target)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[Usual]);
        Uri url = request.RequestUri!;
        Line(ref text, "Host", url.IsDefaultPort ? url.IdnHost : $"{(url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost)}:{url.Port}");
        foreach ((string name, HeaderStringValues values) in request.Headers.NonValidated)
        {
            Line(ref text, name, IsSecret(name, target) ? CustomHeader.Mask : values.ToString());
        }

        foreach ((string name, HeaderStringValues values) in request.Content!.Headers.NonValidated)
        {
            Line(ref text, name, IsSecret(name, target) ? CustomHeader.Mask : values.ToString());
        }

        if (request.Content.Headers.ContentLength is { } length)
        {
            Line(ref text, "Content-Length", length.ToString(CultureInfo.InvariantCulture));
        }

        return text.ToStringAndClear();
    }

    /// <summary>Formats the headers of a response, up to a maximum length.</summary>
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

    private static bool IsSecret(string name, HttpTarget target) =>
        name == "Authorization" || target.Has(name);

    private static void Line(ref DefaultInterpolatedStringHandler text, string name, string value)
    {
        text.AppendLiteral(name);
        text.AppendLiteral(": ");
        text.AppendLiteral(value);
        text.AppendLiteral("\n");
    }
}
