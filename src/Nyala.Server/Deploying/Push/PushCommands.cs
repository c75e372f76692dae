using System.Buffers;
using System.Globalization;
using System.Text;

namespace Nyala.Server.Deploying.Push;

/// <summary>
/// Reads what a push is going to do from the beginning of its request: lines with their length before them, up to a flush
/// (git's pack-protocol). Pure; git itself reads the same bytes again.
/// </summary>
internal static class PushCommands
{
    private const int LengthDigits = 4;
    private const int MaxLine = 65520;

    /// <summary>Reads the commands; null where the flush has not come yet.</summary>
    /// <param name="bytes">The request's beginning.</param>
    /// <param name="complete">Whether no more will come.</param>
    public static IReadOnlyList<RefUpdate>? Read(ReadOnlySequence<byte> bytes, bool complete)
    {
        var updates = new List<RefUpdate>();
        var reader = new SequenceReader<byte>(bytes);
        Span<byte> digits = stackalloc byte[LengthDigits];
        while (reader.TryCopyTo(digits))
        {
            if (!ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort length) || length is (> 0 and < LengthDigits) or > MaxLine)
            {
                // Nothing that git will take: it says so itself.
                return updates;
            }

            reader.Advance(LengthDigits);
            if (length == 0)
            {
                return updates;
            }

            if (!reader.TryReadExact(length - LengthDigits, out ReadOnlySequence<byte> line))
            {
                break;
            }

            if (RefUpdate.Read(Text(line)) is { } update)
            {
                updates.Add(update);
            }
        }

        return complete ? updates : null;
    }

    /// <summary>A line without what a zero in it parts off, the client's capabilities, and without its end.</summary>
    private static string Text(ReadOnlySequence<byte> line)
    {
        string text = Encoding.UTF8.GetString(line);
        int zero = text.IndexOf('\0', StringComparison.Ordinal);
        return (zero < 0 ? text : text[..zero]).TrimEnd('\n');
    }
}
