using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Nyala.Server.Secrets;

/// <summary>
/// Replaces secrets in texts with <see cref="Masked"/>: the given values, plain and encoded (see <see cref="MaskedForms"/>), and whatever has the form of an
/// access token of a server. Immutable.
/// </summary>
internal sealed class TextMask
{
    /// <summary>The text that replaces a secret.</summary>
    public const string Masked = "***";

    /// <summary>The minimum number of characters of a masked value. Shorter texts occur by chance, and masking them would make a log unreadable.</summary>
    public const int MinLength = 6;

    // A value that contains asterisks can arise from a replacement, so the result is searched again. The limit is for values that are made to loop.
    private const int MaxPasses = 16;

    private const string TokenStart = "nyala_";
    private const int TokenLength = 49;

    private static readonly SearchValues<char> Base64Url = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private readonly IReadOnlyList<MaskedValues> _sets;

    private TextMask(IReadOnlyList<MaskedValues> sets) => _sets = sets;

    /// <summary>The mask that knows no values and masks only access tokens.</summary>
    public static TextMask TokensOnly { get; } = new([]);

    /// <summary>Whether a value has a line that is long enough to be masked.</summary>
    public static bool CanMask(string value)
    {
        foreach (ReadOnlySpan<char> line in value.EnumerateLines())
        {
            if (line.Trim().Length >= MinLength)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns a mask for more values, in addition to those of this mask. Values that are null or too short are not masked.</summary>
    public TextMask With(params IEnumerable<string?> values) => MaskedValues.Of(values.OfType<string>()) is { } set ? new TextMask([.. _sets, set]) : this;

    /// <summary>Returns the text with every secret replaced. Secrets that overlap or adjoin become one <see cref="Masked"/>.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public string? Apply(string? text)
    {
        for (int pass = 0; pass < MaxPasses && text is not null && Find(text) is { Count: > 0 } parts; pass++)
        {
            text = Replace(text, parts);
        }

        return text;
    }

    private List<MaskedPart>? Find(string text)
    {
        List<MaskedPart>? parts = null;
        foreach (MaskedValues set in _sets)
        {
            set.Find(text, ref parts);
        }

        FindTokens(text, ref parts);
        return parts;
    }

    private static void FindTokens(string text, ref List<MaskedPart>? parts)
    {
        for (int at = 0; (at = text.IndexOf(TokenStart, at, StringComparison.Ordinal)) >= 0; at++)
        {
            if (text.Length - at >= TokenLength && !text.AsSpan(at + TokenStart.Length, TokenLength - TokenStart.Length).ContainsAnyExcept(Base64Url))
            {
                MaskedPart.Add(ref parts, at, at + TokenLength);
            }
        }
    }

    private static string Replace(string text, List<MaskedPart> parts)
    {
        parts.Sort((one, other) => one.Start.CompareTo(other.Start));
        var masked = new StringBuilder(text.Length);
        int end = -1;
        foreach (MaskedPart part in parts)
        {
            if (part.Start > end)
            {
                int kept = Math.Max(end, 0);
                masked.Append(text, kept, part.Start - kept).Append(Masked);
            }

            end = Math.Max(end, part.End);
        }

        return masked.Append(text, end, text.Length - end).ToString();
    }
}

/// <summary>A part of a text that is masked, from its start up to but not including its end.</summary>
internal readonly record struct MaskedPart(int Start, int End)
{
    /// <summary>Adds a part, or extends the last one if the two overlap or adjoin, so that a long run of matches takes no memory.</summary>
    public static void Add(ref List<MaskedPart>? parts, int start, int end)
    {
        parts ??= [];
        if (parts is [.., var last] && start >= last.Start && start <= last.End)
        {
            parts[^1] = last with { End = Math.Max(last.End, end) };
        }
        else
        {
            parts.Add(new MaskedPart(start, end));
        }
    }
}
