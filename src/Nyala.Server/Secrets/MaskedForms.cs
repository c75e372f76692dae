using System.Text;
using System.Text.Encodings.Web;

namespace Nyala.Server.Secrets;

/// <summary>
/// The forms in which a value appears in a log: each of its lines, and the whole value in base64, in a URL and in a JSON string. GitHub's runner masks these
/// forms too. Pure.
/// </summary>
internal static class MaskedForms
{
    /// <summary>
    /// The maximum number of characters of one form. A longer text is masked piece by piece, so that it is also masked if a log cuts it, and so that a comparison
    /// takes a limited time.
    /// </summary>
    private const int MaxPiece = 64;

    /// <summary>The maximum number of characters of a value whose encoded forms are masked. An encoded text of that length does not fit into a log line.</summary>
    private const int MaxEncoded = 8192;

    /// <summary>Returns the texts to mask, each on one line and not shorter than <see cref="TextMask.MinLength"/>.</summary>
    public static IEnumerable<string> Of(string value)
    {
        string whole = value.Trim();
        return Lines(whole).Concat(whole.Length is >= TextMask.MinLength and <= MaxEncoded ? Encoded(whole) : [])
            .Where(form => form.Length >= TextMask.MinLength)
            .SelectMany(Pieces);
    }

    private static IEnumerable<string> Lines(string value)
    {
        var lines = new List<string>();
        foreach (ReadOnlySpan<char> line in value.EnumerateLines())
        {
            lines.Add(line.Trim().ToString());
        }

        return lines;
    }

    private static IEnumerable<string> Encoded(string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        string[] base64 = [Convert.ToBase64String(bytes), .. Enumerable.Range(0, 3).Select(skipped => Inner(bytes, skipped))];
        return [
            .. base64,
            .. base64.Select(text => text.Replace('+', '-').Replace('/', '_').TrimEnd('=')),
            Uri.EscapeDataString(value),
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value),
        ];
    }

    /// <summary>
    /// Returns the part of a longer base64 text that depends on nothing but the value, which may start at any of three positions in a group of three bytes.
    /// This is how a password appears in an <c>Authorization: Basic</c> header.
    /// </summary>
    private static string Inner(byte[] bytes, int skipped) =>
        Convert.ToBase64String(bytes.AsSpan(skipped, (bytes.Length - skipped) / 3 * 3));

    private static IEnumerable<string> Pieces(string form)
    {
        for (int start = 0; start < form.Length; start += MaxPiece)
        {
            // The last piece has full length too: a short one would occur by chance.
            yield return form.Length <= MaxPiece ? form : form.Substring(Math.Min(start, form.Length - MaxPiece), MaxPiece);
        }
    }
}
