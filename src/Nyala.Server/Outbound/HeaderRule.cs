namespace Nyala.Server.Outbound;

/// <summary>Which headers a hook may have sent along.</summary>
internal static class HeaderRule
{
    private const int MaxCount = 20;
    private const int MaxValue = 4096;

    private static readonly string[] Taken = ["Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection"];

    /// <summary>Why the headers may not be sent, in words that begin with the name at fault; null where they may.</summary>
    public static string? Refuses(IReadOnlyList<CustomHeader> headers) => headers.Count > MaxCount
        ? $"{headers.Count} headers are too many: at most {MaxCount} are sent along."
        : headers.Select(Refuses).FirstOrDefault(reason => reason is not null);

    private static string? Refuses(CustomHeader header) => header switch
    {
        _ when header.Name.Length is 0 or > 100 || !header.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') =>
            "A header's name has 1 to 100 letters, digits and hyphens.",
        _ when Taken.Contains(header.Name, StringComparer.OrdinalIgnoreCase)
            || header.Name.StartsWith("webhook-", StringComparison.OrdinalIgnoreCase)
            || header.Name.StartsWith("Nyala-", StringComparison.OrdinalIgnoreCase) => $"'{header.Name}' cannot be set: it is the server's own.",
        { Value.Length: > MaxValue } => $"'{header.Name}' has a value of {header.Value.Length} characters: at most {MaxValue} are sent.",
        _ when header.Value.Any(c => c is < ' ' or > '~') => $"'{header.Name}' has a value with a line break, a control character or one that is not ASCII: encode it.",
        _ => null,
    };
}
