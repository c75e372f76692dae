using System.Text.Unicode;

namespace Nyala.Server.Deploying.Zip;

/// <summary>Recognizes other kinds of files by their first bytes, so that the refusal says what was sent instead of a zip.</summary>
internal static class FileSignature
{
    /// <summary>The number of bytes from the beginning that are examined.</summary>
    public const int HeadLength = 512;

    private const int TarMark = 257;

    /// <summary>Whether a file begins like a zip.</summary>
    public static bool IsBeginning(ReadOnlySpan<byte> head) => head.StartsWith("PK\u0003\u0004"u8);

    /// <summary>Names the kind of file, with its article.</summary>
    public static string Name(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
        {
            return "an empty file";
        }

        if (head.Length > TarMark && head[TarMark..].StartsWith("ustar"u8))
        {
            return "a tar archive";
        }

        return Packed(head) ?? (IsText(head) ? Text(head) : "another kind of file");
    }

    private static string? Packed(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? "a gzip file, such as a .tar.gz"
        : head.StartsWith("BZh"u8) ? "a bzip2 file, such as a .tar.bz2"
        : head.StartsWith((ReadOnlySpan<byte>)[0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]) ? "an xz file, such as a .tar.xz"
        : head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) ? "a zstd file, such as a .tar.zst"
        : head.StartsWith((ReadOnlySpan<byte>)[0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]) ? "a 7z archive"
        : head.StartsWith("Rar!"u8) ? "a rar archive"
        : null;

    private static string Text(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> text = head.StartsWith("\uFEFF"u8) ? head[3..] : head;
        text = text.TrimStart(" \t\r\n"u8);
        return text.StartsWith("<!"u8) || Ascii(text, "<html"u8) ? "an HTML page, such as a sign-in page or an error page"
            : text.StartsWith("{"u8) || text.StartsWith("["u8) ? "JSON"
            : text.StartsWith("--"u8) && text.IndexOf("Content-Disposition"u8) > 0 ? "a form, as sent by curl -F"
            : "text";
    }

    private static bool Ascii(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start) =>
        text.Length >= start.Length && System.Text.Ascii.EqualsIgnoreCase(text[..start.Length], start);

    private static bool IsText(ReadOnlySpan<byte> head)
    {
        // The last character may be cut off in the middle.
        for (int cut = 0; cut < 4 && cut < head.Length; cut++)
        {
            if (Utf8.IsValid(head[..^cut]))
            {
                return head.IndexOfAnyInRange((byte)0, (byte)8) < 0;
            }
        }

        return false;
    }
}
