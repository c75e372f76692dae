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
        ["Transfer-Encoding"] = "the connection is the server's own",
        ["Connection"] = "the connection is the server's own",
        ["Keep-Alive"] = "the connection is the server's own",
        ["Upgrade"] = "the connection is the server's own",
        ["HTTP2-Settings"] = "the connection is the server's own",
        ["TE"] = "the connection is the server's own",
        ["Trailer"] = "the connection is the server's own",
        ["Expect"] = "the body is sent at once",
        ["Date"] = "webhook-timestamp tells the time, and is signed",
        ["traceparent"] = "the server traces its own attempts",
        ["tracestate"] = "the server traces its own attempts",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly (string Prefix, string Reason)[] TakenPrefixes =
    [
        ("webhook-", "these carry the signature"),
        ("Nyala-", "these are the server's own"),
        ("Proxy-", "these are for a proxy, not for the receiver"),
    ];

    /// <summary>Returns why the headers are refused; null if they are allowed. If one header is at fault, the text starts with its name.</summary>
    public static string? Refuses(IReadOnlyList<CustomHeader> headers)
    {
        if (headers.Count > MaxCount)
        {
            return $"{headers.Count} headers are too many: at most {MaxCount} are sent along.";
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (CustomHeader header in headers)
        {
            string? reason = RefusesName(header.Name)
                ?? RefusesValue(header)
                ?? (names.Add(header.Name) ? null : $"'{header.Name}' is given twice: give it once, with both values.");
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
            return $"'{(name.Length > MaxName ? name[..MaxName] + "…" : name)}' is no header's name: it has 1 to {MaxName} letters, digits and hyphens.";
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
            return $"'{header.Name}' has a value of {value.Length} characters: at most {MaxValue} are sent.";
        }

        // Receivers disagree about how to decode characters other than ASCII.
        return value.Any(c => c is not ('\t' or (>= ' ' and <= '~')))
            ? $"'{header.Name}' has a value with a line break, a control character or one that is not ASCII: encode it."
            : value.AsSpan().Trim().Length == value.Length ? null
            : $"'{header.Name}' has a value with a space at its beginning or end, which would be lost on the way.";
    }
}
