using System.Text;

namespace Nyala.Server.Deploying.Zip;

/// <summary>Converts an entry's name into a path below the target, or refuses it.</summary>
internal static class ZipPath
{
    /// <summary>The maximum length of a name in common file systems, in bytes.</summary>
    private const int MaxSegmentLength = 255;

    /// <summary>Returns the path; null if it is refused, with the reason as the end of a sentence about the entry.</summary>
    public static string? Of(string name, bool folder, out string reason)
    {
        reason = Refuses(name);
        if (reason.Length > 0)
        {
            return null;
        }

        // A backslash is meant as a separator. Treating it as a letter would be dangerous.
        string[] segments = name.Replace('\\', '/').Split('/');
        if (folder && segments[^1].Length == 0)
        {
            segments = segments[..^1];
        }

        foreach (string segment in segments)
        {
            reason = segment.Length == 0 ? "has an empty part in its path"
                : segment == ".." ? "leads out of the target folder with \"..\""
                : Encoding.UTF8.GetByteCount(segment) > MaxSegmentLength ? $"has a part of more than {MaxSegmentLength} bytes in its path"
                : "";
            if (reason.Length > 0)
            {
                return null;
            }
        }

        string path = string.Join('/', segments.Where(segment => segment != "."));
        reason = path.Length == 0 && !folder ? "is not the path of a file"
            : path.Length > 1 && path[1] == ':' && char.IsAsciiLetter(path[0]) ? "has a drive letter in its path"
            : "";
        return reason.Length == 0 ? path : null;
    }

    private static string Refuses(string name) =>
        name.Length == 0 ? "has no name"
        : name.Any(char.IsControl) ? "has control characters in its path"
        : name[0] is '/' or '\\' ? "has an absolute path"
        : Encoding.UTF8.GetByteCount(name) > ZipDirectory.MaxNameLength ? $"has a path of more than {ZipDirectory.MaxNameLength} bytes"
        : "";
}
