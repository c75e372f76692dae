using System.Globalization;
using System.Text;

namespace Nyala.Server.Deploying.Zip;

/// <summary>Names of entries that stand for each other. Pure.</summary>
internal static class ZipNames
{
    /// <summary>
    /// Whether a name is how Info-ZIP writes another one where the locale lacks its letters: each of them as <c>#U</c> with four digits, or
    /// <c>#L</c> with six.
    /// </summary>
    public static bool IsEscaped(ReadOnlySpan<byte> written, string name)
    {
        var escaped = new StringBuilder();
        foreach (Rune rune in name.EnumerateRunes())
        {
            escaped.Append(rune.IsAscii ? ((char)rune.Value).ToString()
                : rune.IsBmp ? string.Create(CultureInfo.InvariantCulture, $"#U{rune.Value:x4}")
                : string.Create(CultureInfo.InvariantCulture, $"#L{rune.Value:x6}"));
        }

        return Encoding.Latin1.GetString(written).Equals(escaped.ToString(), StringComparison.OrdinalIgnoreCase);
    }
}
