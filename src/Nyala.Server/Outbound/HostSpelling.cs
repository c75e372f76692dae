using System.Globalization;
using System.Net;
using System.Text;

namespace Nyala.Server.Outbound;

/// <summary>
/// Detects hosts that become an address only after Unicode normalization, such as <c>①②⑦.⓪.⓪.①</c>. Some parsers treat them as a name, others as an address.
/// The runtime has no normalization without ICU, so this class folds everything that an address can consist of: digits, dots and the letters of hexadecimal
/// numbers.
/// </summary>
internal static class HostSpelling
{
    // Blocks that repeat the alphabet: the first code point, and the number of letters.
    private static readonly (int First, int Count)[] Alphabets = [(0xFF21, 26), (0xFF41, 26), (0x24B6, 26), (0x24D0, 26), (0x1D400, 26 * 26), (0x1F130, 26), (0x1F150, 26), (0x1F170, 26)];

    private static readonly Dictionary<int, string> Others = new (int Value, string Text)[]
    {
        (0x3002, "."), (0xFF0E, "."), (0xFF61, "."), (0x2024, "."), (0x2025, ".."), (0x2026, "..."),
        (0x1D43, "a"), (0x1D47, "b"), (0x1D9C, "c"), (0x1D48, "d"), (0x1D49, "e"), (0x1DA0, "f"), (0x02E3, "x"), (0x2090, "a"), (0x2091, "e"), (0x2093, "x"),
        (0x2102, "c"), (0x212C, "b"), (0x212D, "c"), (0x212F, "e"), (0x2130, "e"), (0x2131, "f"), (0x2145, "d"), (0x2146, "d"), (0x2147, "e"),
        (0x216D, "c"), (0x216E, "d"), (0x2169, "x"), (0x217D, "c"), (0x217E, "d"), (0x2179, "x"),
    }.ToDictionary(item => item.Value, item => item.Text);

    /// <summary>Whether a host, as written or in ASCII (<c>xn--…</c>), is such an address.</summary>
    public static bool IsDisguisedAddress(string host)
    {
        string written = Decoded(host);
        return !Ascii.IsValid(written)
            && Uri.TryCreate($"http://{Fold(written)}/", UriKind.Absolute, out Uri? folded)
            && folded.HostNameType is UriHostNameType.IPv4
            && IPAddress.TryParse(folded.Host, out _);
    }

    private static string Decoded(string host)
    {
        try
        {
            return host.Contains("xn--", StringComparison.OrdinalIgnoreCase) ? new IdnMapping().GetUnicode(host) : host;
        }
        catch (ArgumentException)
        {
            return host;
        }
    }

    private static string Fold(string host)
    {
        var folded = new StringBuilder();
        foreach (Rune rune in host.EnumerateRunes())
        {
            folded.Append(rune.IsAscii ? rune.ToString() : Fold(rune.Value));
        }

        return folded.ToString().TrimEnd('.');
    }

    private static string Fold(int value)
    {
        if (Others.TryGetValue(value, out string? other))
        {
            return other;
        }

        string text = char.ConvertFromUtf32(value);
        if (CharUnicodeInfo.GetUnicodeCategory(value) is UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
        {
            return "";
        }

        foreach ((int first, int count) in Alphabets)
        {
            if (value >= first && value < first + count)
            {
                return ((char)('a' + ((value - first) % 26))).ToString();
            }
        }

        double number = CharUnicodeInfo.GetNumericValue(text, 0);
        bool withDot = value is (>= 0x2488 and <= 0x249B) or 0x1F100;
        return number >= 0 && number % 1 == 0 ? number.ToString("0", CultureInfo.InvariantCulture) + (withDot ? "." : "") : text;
    }
}
