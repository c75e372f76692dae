using System.Globalization;
using System.Text;

namespace Nyala.Server.Deploying.Zip;

/// <summary>Checks what a zip's directory says, before anything is unpacked.</summary>
internal static class ZipRule
{
    private const int LocalHeader = 30;
    private const int MaxQuoteLength = 100;

    /// <summary>Returns where each entry goes, in the order in which they are in the zip; null if the zip is refused, with the reason.</summary>
    /// <param name="directory">The position at which the directory begins. The entries end there at the latest.</param>
    public static IReadOnlyList<ZipItem>? Judge(IReadOnlyList<ZipEntry> entries, long directory, ZipOptions limits, out string reason)
    {
        reason = entries.Count > limits.Entries ? TooMany(entries.Count, limits) : "";
        if (reason.Length > 0)
        {
            return null;
        }

        var items = new ZipItem[entries.Count];
        long total = 0;
        for (int i = 0; i < items.Length; i++)
        {
            ZipEntry entry = entries[i];
            string wrong = Refuses(entry) ?? "";
            string? path = wrong.Length > 0 ? null : ZipPath.Of(entry.Name, entry.IsFolder, out wrong);
            if (path is null)
            {
                reason = $"The entry {Quote(entry.Name)} {wrong}.";
                return null;
            }

            items[i] = new ZipItem(path, entry);
            if (entry.Size > limits.Size - total)
            {
                reason = $"This zip unpacks to more than {limits.Size} bytes, counting the entries up to {Quote(entry.Name)} (Deploying:Zip:Size).";
                return null;
            }

            total += entry.Size;
        }

        reason = Collides(items, limits) ?? Overlaps(items, directory) ?? Inflates(items, total, limits) ?? "";
        return reason.Length == 0 ? items : null;
    }

    /// <summary>Returns the refusal of too many entries.</summary>
    public static string TooMany(long count, ZipOptions limits) =>
        $"This zip contains {count} files and folders; the maximum is {limits.Entries} (Deploying:Zip:Entries).";

    /// <summary>Quotes a name from an untrusted sender, so that it is safe and short enough to show.</summary>
    public static string Quote(string name)
    {
        var text = new StringBuilder("\"");
        foreach (Rune rune in name.EnumerateRunes())
        {
            if (text.Length > MaxQuoteLength)
            {
                text.Append('…');
                break;
            }

            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            }
            else
            {
                text.Append(rune.ToString());
            }
        }

        return text.Append('"').ToString();
    }

    private static string? Refuses(ZipEntry entry) =>
        entry.Size < 0 || entry.Packed < 0 || entry.Offset < 0 ? "is damaged: its size or position is missing"
        : entry.IsLink ? "is a symbolic link. Links are not allowed: replace it with the file"
        : entry.IsSpecial ? "is a device, a pipe or a socket, which is not allowed"
        : entry.IsEncrypted ? "is encrypted. Create the zip without a password"
        : entry.IsFolder && entry.Size > 0 ? "is a folder, but has content"
        : entry.IsFolder && !entry.IsNamedAsFolder ? "is a folder by its attributes and a file by its name, so two programs might read it differently. Create the zip again with a common tool"
        : entry.Method is not (0 or 8) ? $"is compressed with {Method(entry.Method)}. Create the zip with the usual method, Deflate"
        : entry.Method == 0 && entry.Packed != entry.Size ? "is damaged: it is stored uncompressed, but has two different sizes"
        : null;

    private static string Method(int method) => method switch
    {
        9 => "Deflate64",
        12 => "bzip2",
        14 => "LZMA",
        93 => "Zstandard",
        95 => "XZ",
        98 => "PPMd",
        _ => string.Create(CultureInfo.InvariantCulture, $"the method {method}"),
    };

    /// <summary>
    /// Refuses two entries with the same path, a file that is also named as a folder, and too many entries. Folders that occur only in paths are counted too.
    /// </summary>
    private static string? Collides(ZipItem[] items, ZipOptions limits)
    {
        // In this order a folder is followed by its content, and then by whatever else begins with its name.
        ZipItem[] sorted = [.. items];
        Array.Sort(sorted, (one, other) => Compare(one.Path, other.Path));
        long count = 0;
        string before = "";
        for (int i = 0; i < sorted.Length; i++)
        {
            string path = sorted[i].Path;
            ZipEntry? last = i == 0 ? null : sorted[i - 1].Entry;
            if (last is not null && path == before && !(last.IsFolder && sorted[i].Entry.IsFolder))
            {
                return $"The entry {Quote(path)} exists twice.";
            }

            if (last is { IsFolder: false } && path.Length > before.Length && path[before.Length] == '/' && path.StartsWith(before, StringComparison.Ordinal))
            {
                return $"The entry {Quote(before)} is a file, but a folder of that name contains {Quote(path)}.";
            }

            count += NewParts(before, path);
            if (count > limits.Entries)
            {
                return $"This zip contains more than {limits.Entries} files and folders, including folders that occur only in paths (Deploying:Zip:Entries).";
            }

            before = path;
        }

        return null;
    }

    /// <summary>Compares by code unit, with the separator before everything else.</summary>
    private static int Compare(string one, string other)
    {
        int same = one.AsSpan().CommonPrefixLength(other);
        return same == one.Length || same == other.Length ? one.Length - other.Length
            : one[same] == '/' ? -1
            : other[same] == '/' ? 1
            : one[same] - other[same];
    }

    /// <summary>Returns how many parts of a path were not in the path before it.</summary>
    private static int NewParts(string before, string path)
    {
        int same = before.AsSpan().CommonPrefixLength(path);
        if (same == path.Length)
        {
            return 0;
        }

        bool whole = same == before.Length && path[same] == '/';
        int start = whole ? same + 1 : path.AsSpan(0, same).LastIndexOf('/') + 1;
        return path.AsSpan(start).Count('/') + 1;
    }

    /// <summary>Sorts the items by position, and refuses entries that overlap: if entries share bytes, a small zip can unpack to a large one.</summary>
    private static string? Overlaps(ZipItem[] items, long directory)
    {
        Array.Sort(items, (one, other) => one.Entry.Offset.CompareTo(other.Entry.Offset));
        for (int i = 0; i < items.Length; i++)
        {
            ZipEntry entry = items[i].Entry;
            long next = i + 1 < items.Length ? items[i + 1].Entry.Offset : directory;
            if (entry.Packed > next - entry.Offset - LocalHeader)
            {
                return $"The entry {Quote(entry.Name)} is damaged: it overlaps what follows it.";
            }
        }

        return null;
    }

    private static string? Inflates(ZipItem[] items, long total, ZipOptions limits) =>
        total > limits.RatioFrom && total / limits.Ratio > items.Sum(item => item.Entry.Packed)
            ? $"This zip unpacks to more than {limits.Ratio} times its size ({total} bytes), which looks like a zip bomb (Deploying:Zip:Ratio, above Deploying:Zip:RatioFrom)."
            : null;
}
