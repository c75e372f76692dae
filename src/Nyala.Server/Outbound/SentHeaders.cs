using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Nyala.Server.Outbound;

/// <summary>Headers as text, a line for each, to be kept with an attempt.</summary>
internal static class SentHeaders
{
    public const string Mask = "***";
    private const int MaxAnswer = 8 * 1024;

    /// <summary>A request's headers. The values that are the hook's secrets are masked: what is kept is read by more people than may send.</summary>
    public static string Of(HttpRequestMessage request, Target target)
    {
        var text = new StringBuilder(512);
        Uri url = request.RequestUri!;
        Line(text, "Host", url.IsDefaultPort ? url.IdnHost : $"{(url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost)}:{url.Port}");
        foreach ((string name, HeaderStringValues values) in request.Headers.NonValidated)
        {
            Line(text, name, IsSecret(name, target) ? Mask : values.ToString());
        }

        foreach ((string name, HeaderStringValues values) in request.Content!.Headers.NonValidated)
        {
            Line(text, name, IsSecret(name, target) ? Mask : values.ToString());
        }

        if (request.Content.Headers.ContentLength is { } length)
        {
            Line(text, "Content-Length", length.ToString(CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    /// <summary>The beginning of an answer's headers.</summary>
    public static string OfAnswer(HttpResponseMessage response)
    {
        var text = new StringBuilder(256);
        foreach (HttpHeaders headers in (HttpHeaders[])[response.Headers, response.Content.Headers])
        {
            foreach ((string name, HeaderStringValues values) in headers.NonValidated)
            {
                foreach (string value in values)
                {
                    Line(text, name, value);
                }
            }
        }

        return text.Length <= MaxAnswer ? text.ToString() : text.ToString(0, MaxAnswer - 1) + "…";
    }

    private static bool IsSecret(string name, Target target) =>
        name == "Authorization" || target.Headers.Any(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static void Line(StringBuilder text, string name, string value) => text.Append(name).Append(": ").Append(value).Append('\n');
}
