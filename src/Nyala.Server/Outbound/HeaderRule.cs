using System.Buffers;
using System.Collections.Frozen;

namespace Nyala.Server.Outbound;

/// <summary>Decides which custom headers a hook may have.</summary>
internal static class HeaderRule
{
    public const int MaxCount = 20;
    public const int MaxValue = 4096;
    private const int MaxName = 100;

    // RFC 9110, 5.6.2.
    private static readonly SearchValues<char> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly FrozenDictionary<string, string> Taken = new Dictionary<string, string>
    {
        ["Host"] = "it comes from the url",
        ["Content-Length"] = "it comes from the body",
        ["Content-Type"] = "it comes from the body",
        ["Content-Encoding"] = "the body is sent as it is",
        ["Content-Range"] = "the body is sent whole",
        ["Transfer-Encoding"] = "the server manages the connection",
        ["Connection"] = "the server manages the connection",
        ["Keep-Alive"] = "the server manages the connection",
        ["Upgrade"] = "the server manages the connection",
        ["HTTP2-Settings"] = "the server manages the connection",
        ["TE"] = "the server manages the connection",
        ["Trailer"] = "the server manages the connection",
        ["Expect"] = "the body is sent at once",
        ["Date"] = "webhook-timestamp carries the time, and is signed",
        ["traceparent"] = "the server traces its own attempts",
        ["tracestate"] = "the server traces its own attempts",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly (string Prefix, string Reason)[] TakenPrefixes =
    [
        ("webhook-", "names with this prefix are reserved for the signature"),
        ("Nyala-", "names with this prefix are reserved for the server"),
        ("Proxy-", "names with this prefix are meant for a proxy, not for the receiver"),
    ];

    /// <summary>Returns why the headers are refused; null if they are allowed. If one header is at fault, the text starts with its name.</summary>
    public static string? Refuses(IReadOnlyList<CustomHeader> headers)
    {
        if (headers.Count > MaxCount)
        {
            return $"{headers.Count} headers are too many; the maximum is {MaxCount}.";
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (CustomHeader header in headers)
        {
            string? reason = RefusesName(header.Name)
                ?? RefusesValue(header)
                ?? (names.Add(header.Name) ? null : $"'{header.Name}' is given twice. Give it once, with both values.");
            if (reason is not null)
            {
                return reason;
            }
        }

        return null;
    }

    private static string? RefusesName(string name)
    {
        if (name.Length is 0 or > MaxName || name.AsSpan().ContainsAnyExcept(Token))
        {
            return $"'{(name.Length > MaxName ? name[..MaxName] + "…" : name)}' is not a valid header name. A name must be 1 to {MaxName} letters, digits, hyphens or other token characters (RFC 9110), such as '_' and '.'.";
        }

        string? reason = Taken.GetValueOrDefault(name)
            ?? TakenPrefixes.FirstOrDefault(taken => name.StartsWith(taken.Prefix, StringComparison.OrdinalIgnoreCase)).Reason;
        return reason is null ? null : $"'{name}' cannot be set: {reason}.";
    }

    private static string? RefusesValue(CustomHeader header)
    {
        string value = header.Value;
        if (value.Length > MaxValue)
        {
            return $"'{header.Name}' has a value of {value.Length} characters; the maximum is {MaxValue}.";
        }

        // Receivers disagree about how to decode characters other than ASCII.
        return value.Any(c => c is not ('\t' or (>= ' ' and <= '~')))
            ? $"'{header.Name}' has a value with a line break, a control character or a non-ASCII character. Encode the value."
            : value.AsSpan().Trim().Length == value.Length ? null
            : $"'{header.Name}' has a value that starts or ends with a space, which would be lost in transit.";
    }
}
