namespace Nyala.Server.Events;

/// <summary>Reads <c>traceparent</c> (W3C Trace Context): version, trace, parent and flags in lower-case hex.</summary>
internal static class TraceParent
{
    public const string Header = "traceparent";

    private const int Length = 55;

    /// <summary>Returns the <c>traceparent</c> of a request; null if the header is absent, sent more than once, or not valid.</summary>
    public static string? Of(HttpRequest request) => request.Headers[Header] is { Count: 1 } values ? Read(values[0]) : null;

    /// <summary>Returns the header's value; null if it is not valid. It is then treated as absent.</summary>
    public static string? Read(string? value) => value is { Length: Length }
        && value[2] == '-' && value[35] == '-' && value[52] == '-'
        && IsHex(value[..2]) && IsHex(value[3..35]) && IsHex(value[36..52]) && IsHex(value[53..])
        && !value.StartsWith("ff", StringComparison.Ordinal)
        && value[3..35].Any(c => c != '0')
        && value[36..52].Any(c => c != '0')
            ? value
            : null;

    private static bool IsHex(string text) => text.All(char.IsAsciiHexDigitLower);
}
