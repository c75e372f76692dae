using System.Buffers.Binary;
using System.IO.Hashing;

namespace Nyala.Server.Deploying.Zip;

/// <summary>The extra fields of an entry that are used here: zip64 sizes, the UTC time, and the name in UTF-8.</summary>
internal ref struct ZipExtras
{
    private ReadOnlySpan<byte> _wide;

    public ZipExtras(ReadOnlySpan<byte> extra, ReadOnlySpan<byte> name)
    {
        bool hasWide = false;
        while (extra.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4)
            {
                return;
            }

            ReadOnlySpan<byte> field = extra.Slice(4, length);
            switch (BinaryPrimitives.ReadUInt16LittleEndian(extra))
            {
                case 0x0001:
                    HasTwo |= hasWide;
                    hasWide = true;
                    _wide = field;
                    AllWide = field;
                    break;
                case 0x5455 when length >= 5 && (field[0] & 1) != 0:
                    Changed = DateTime.UnixEpoch.AddSeconds(BinaryPrimitives.ReadInt32LittleEndian(field[1..]));
                    break;
                case 0x7075 when length > 5 && field[0] == 1 && BinaryPrimitives.ReadUInt32LittleEndian(field[1..]) == Crc32.HashToUInt32(name):
                    HasTwo |= !UnicodeName.IsEmpty;
                    UnicodeName = field[5..];
                    break;
                default:
                    break;
            }

            extra = extra[(4 + length)..];
        }
    }

    /// <summary>Whether a field that sets the position or the name of the content occurs twice.</summary>
    public bool HasTwo { get; }

    /// <summary>The whole zip64 field; empty if there is none.</summary>
    public ReadOnlySpan<byte> AllWide { get; }

    /// <summary>The zip64 values that <see cref="ReadZip64"/> has not used.</summary>
    public readonly ReadOnlySpan<byte> LeftWide => _wide;

    public DateTime? Changed { get; }

    public ReadOnlySpan<byte> UnicodeName { get; }

    /// <summary>Replaces a 32-bit value that refers to the zip64 field with the field's next value, or with -1 if the field has no more.</summary>
    public void ReadZip64(ref long value)
    {
        if (value != uint.MaxValue)
        {
            return;
        }

        value = _wide.Length < 8 ? -1 : BinaryPrimitives.ReadInt64LittleEndian(_wide);
        _wide = _wide.Length < 8 ? [] : _wide[8..];
    }
}
