using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Nyala.Server.Outbound.Channels.X;

/// <summary>The signature of OAuth 1.0a with HMAC-SHA1, for requests whose body is not a form. Source: RFC 5849, section 3.4.</summary>
internal static class OAuth1
{
    /// <summary>Returns the <c>Authorization</c> header of a request.</summary>
    /// <param name="method">The method.</param>
    /// <param name="url">The URL.</param>
    /// <param name="keys">The keys of the app and of the account.</param>
    /// <param name="nonce">A text that no other request of this second has.</param>
    /// <param name="now">The time of the request.</param>
    public static string Authorization(string method, Uri url, OAuth1Keys keys, string nonce, DateTimeOffset now)
    {
        (string Name, string Value)[] own =
        [
            ("oauth_consumer_key", keys.ConsumerKey),
            ("oauth_nonce", nonce),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            ("oauth_token", keys.Token),
            ("oauth_version", "1.0"),
        ];
        string signature = Sign(BaseText(method, url, own), keys);
        return "OAuth " + string.Join(", ", own.Append(("oauth_signature", signature)).Select(part => $"{part.Item1}=\"{Encode(part.Item2)}\""));
    }

    private static string BaseText(string method, Uri url, IEnumerable<(string Name, string Value)> own)
    {
        IEnumerable<(string Name, string Value)> query = url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('=', 2))
            .Select(part => (Decode(part[0]), part.Length > 1 ? Decode(part[1]) : ""));
        IEnumerable<string> parameters = own.Concat(query)
            .Select(part => (Name: Encode(part.Name), Value: Encode(part.Value)))
            .OrderBy(part => part.Name, StringComparer.Ordinal).ThenBy(part => part.Value, StringComparer.Ordinal)
            .Select(part => $"{part.Name}={part.Value}");
        string place = $"{url.Scheme}://{url.Authority}{url.AbsolutePath}";
        return $"{method.ToUpperInvariant()}&{Encode(place)}&{Encode(string.Join('&', parameters))}";
    }

#pragma warning disable CA5350 // The service accepts no other signature for these keys.
    private static string Sign(string text, OAuth1Keys keys) => Convert.ToBase64String(HMACSHA1.HashData(
        Encoding.UTF8.GetBytes($"{Encode(keys.ConsumerSecret)}&{Encode(keys.TokenSecret)}"), Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350

    private static string Encode(string text) => Uri.EscapeDataString(text);

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}

/// <summary>The keys of an app and of an account.</summary>
internal sealed record OAuth1Keys(string ConsumerKey, string ConsumerSecret, string Token, string TokenSecret)
{
    /// <summary>Omits the secrets.</summary>
    public override string ToString() => ConsumerKey;
}
