using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Nyala.Client;

namespace Nyala.Server.Delivery;

/// <summary>Shows bytes that were sent or received as text. Pure.</summary>
internal static class WireText
{
    private const int MaxCharacterLength = 4;
    private const string Length = "Content-Length";

    /// <summary>Returns the bytes as text if they are UTF-8, or else as base64.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="cut">Whether the bytes were cut off. If so, a partial last character is dropped.</param>
    public static (string Text, bool IsBase64) Of(ReadOnlySpan<byte> bytes, bool cut = false)
    {
        for (int dropped = 0; dropped < (cut ? MaxCharacterLength : 1) && dropped <= bytes.Length; dropped++)
        {
            if (Utf8.IsValid(bytes[..^dropped]))
            {
                return (Encoding.UTF8.GetString(bytes[..^dropped]), false);
            }
        }

        return (Convert.ToBase64String(bytes), true);
    }

    /// <summary>Parses headers, one on each line.</summary>
    public static IReadOnlyList<HeaderField>? Headers(string? lines) => lines is null ? null :
    [
        .. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(": ", 2))
            .Select(parts => new HeaderField { Name = parts[0], Value = parts.Length > 1 ? parts[1] : "" })
    ];

    /// <summary>
    /// Whether a response was longer than the part that is kept. A response without <c>Content-Length</c> counts as longer if the kept part is as long as the
    /// limit.
    /// </summary>
    /// <param name="kept">The number of bytes that are kept.</param>
    /// <param name="headers">The headers of the response.</param>
    /// <param name="limit">The maximum number of bytes to keep.</param>
    public static bool IsCut(int kept, IReadOnlyList<HeaderField>? headers, int limit) =>
        long.TryParse(
            headers?.FirstOrDefault(header => header.Name.Equals(Length, StringComparison.OrdinalIgnoreCase))?.Value,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out long length)
            ? length > kept
            : kept >= limit;
}
