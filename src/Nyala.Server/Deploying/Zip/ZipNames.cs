using System.Globalization;
using System.Text;

namespace Nyala.Server.Deploying.Zip;

/// <summary>Compares two names of the same entry. Pure.</summary>
internal static class ZipNames
{
    /// <summary>
    /// Whether <paramref name="written"/> is the form in which Info-ZIP writes <paramref name="name"/> if the locale lacks some of its letters: each of them as
    /// <c>#U</c> with four hexadecimal digits, or <c>#L</c> with six.
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
