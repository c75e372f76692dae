using System.Buffers;
using System.Globalization;
using System.Text;

namespace Nyala.Server.Deploying.Push;

/// <summary>
/// Reads the ref updates that a push requests from the beginning of the request: lines with their length before them, up to a flush packet (git's
/// pack-protocol). Pure; git itself reads the same bytes again.
/// </summary>
internal static class PushCommands
{
    private const int LengthDigits = 4;
    private const int MaxLine = 65520;

    /// <summary>Reads the beginning of a push; null if the flush packet has not arrived yet.</summary>
    /// <param name="bytes">The beginning of the request.</param>
    /// <param name="complete">Whether the request has ended.</param>
    public static PushHeader? Read(ReadOnlySequence<byte> bytes, bool complete)
    {
        var updates = new List<RefUpdate>();
        string capabilities = "";
        var reader = new SequenceReader<byte>(bytes);
        Span<byte> digits = stackalloc byte[LengthDigits];
        while (reader.TryCopyTo(digits))
        {
            if (!ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort length) || length is (> 0 and < LengthDigits) or > MaxLine)
            {
                // git will not accept this, and says so itself.
                return new PushHeader(updates, capabilities);
            }

            reader.Advance(LengthDigits);
            if (length == 0)
            {
                return new PushHeader(updates, capabilities);
            }

            if (!reader.TryReadExact(length - LengthDigits, out ReadOnlySequence<byte> line))
            {
                break;
            }

            (string text, string after) = Part(line);
            capabilities = capabilities.Length == 0 ? after : capabilities;
            if (RefUpdate.Read(text) is { } update)
            {
                updates.Add(update);
            }
        }

        return complete ? new PushHeader(updates, capabilities) : null;
    }

    /// <summary>Splits a line, without its line end, at the NUL before the client's capabilities.</summary>
    private static (string Text, string Capabilities) Part(ReadOnlySequence<byte> line)
    {
        string[] parts = Encoding.UTF8.GetString(line).TrimEnd('\n').Split('\0', 2);
        return (parts[0], parts.Length > 1 ? parts[1].Trim() : "");
    }
}
