using System.Buffers;
using System.Globalization;
using System.Text;
using Nyala.Server.Disk;
using Nyala.Server.Processes;

namespace Nyala.Server.Deploying.Push;

/// <summary>
/// The packets of git's response to a push: a length in four hexadecimal digits, then a band, then the bytes. Bands 2 and 3 carry text for people. It is made
/// safe for their terminals here, whether it comes from the server, the deploy command or git.
/// </summary>
/// <param name="isReceiving">
/// Whether the push is still being received. If the disk is full at that time, a line is added that tells the pusher what to do.
/// </param>
internal sealed class Sideband(Func<bool>? isReceiving = null)
{
    public const byte Report = 1;
    public const byte Progress = 2;
    public const byte Failure = 3;

    private const int LengthDigits = 4;
    private const int MaxPacket = 65520;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly TerminalFilter _text = new();
    private readonly ArrayBufferWriter<byte> _waiting = new();
    private bool _isOther;

    /// <summary>Returns a packet without a band.</summary>
    public static byte[] Packet(ReadOnlySpan<byte> bytes) => [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length + LengthDigits:x4}")), .. bytes];

    /// <summary>Returns packets of a band, as many as the bytes need.</summary>
    public static byte[] Packets(byte band, ReadOnlySpan<byte> bytes)
    {
        var packets = new List<byte>();
        while (!bytes.IsEmpty)
        {
            int length = Math.Min(bytes.Length, MaxPacket - LengthDigits - 1);
            packets.AddRange(Packet([band, .. bytes[..length]]));
            bytes = bytes[length..];
        }

        return [.. packets];
    }

    /// <summary>Takes the next bytes of the response and returns the complete packets, ready to be sent on.</summary>
    public byte[] Pass(ReadOnlySpan<byte> bytes)
    {
        if (_isOther)
        {
            return bytes.ToArray();
        }

        _waiting.Write(bytes);
        ReadOnlySpan<byte> left = _waiting.WrittenSpan;
        var passed = new List<byte>();
        while (!_isOther && left.Length >= LengthDigits)
        {
            if (!ushort.TryParse(left[..LengthDigits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort length) || length is (> 0 and < LengthDigits) or > MaxPacket)
            {
                // This server's git writes nothing like this, so it is passed on unchanged.
                _isOther = true;
                break;
            }

            if (length > left.Length)
            {
                break;
            }

            int whole = length == 0 ? LengthDigits : length;
            passed.AddRange(Clean(left[..whole]));
            left = left[whole..];
        }

        if (_isOther)
        {
            passed.AddRange(left);
            left = [];
        }

        byte[] rest = left.ToArray();
        _waiting.ResetWrittenCount();
        _waiting.Write(rest);
        return [.. passed];
    }

    /// <summary>Returns what is left when the response has ended: part of a packet, if git was cut off.</summary>
    public byte[] Rest() => _waiting.WrittenSpan.ToArray();

    private byte[] Clean(ReadOnlySpan<byte> packet)
    {
        if (packet.Length <= LengthDigits || packet[LengthDigits] is not (Progress or Failure))
        {
            return packet.ToArray();
        }

        ReadOnlySpan<byte> bytes = packet[(LengthDigits + 1)..];
        char[] text = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        int count = _decoder.GetChars(bytes, text, flush: false);
        string shown = _text.Pass(text.AsSpan(0, count));
        bool isFull = shown.EndsWith('\n') && DiskFull.IsReportedIn(shown) && isReceiving?.Invoke() == true;
        return Packets(packet[LengthDigits], Encoding.UTF8.GetBytes(isFull ? $"{shown}{DiskFull.Refusal}\n" : shown));
    }
}
