using System.IO.Enumeration;

namespace Nyala.Cli.Deploy;

/// <summary>
/// The files and folders that <c>--exclude</c> excludes, and <c>.git</c>. A pattern without a slash is compared with the name of each file and folder. A
/// pattern with a slash is compared with the path below the deployed folder. <c>*</c> matches any characters, and <c>?</c> matches one character. A folder is
/// excluded with everything in it.
/// </summary>
internal sealed class Exclusion(IEnumerable<string> patterns)
{
    private const string Repository = ".git";

    private readonly string[] _patterns = [.. patterns.Select(Trim).Where(pattern => pattern.Length > 0)];

    /// <summary>Whether a file or folder is excluded.</summary>
    /// <param name="path">The path below the deployed folder, with <c>/</c> as the separator.</param>
    public bool Matches(string path)
    {
        ReadOnlySpan<char> name = path.AsSpan(path.LastIndexOf('/') + 1);
        if (name.SequenceEqual(Repository))
        {
            return true;
        }

        foreach (string pattern in _patterns)
        {
            bool anchored = pattern.Contains('/', StringComparison.Ordinal);
            if (FileSystemName.MatchesSimpleExpression(anchored ? pattern.AsSpan().TrimStart('/') : pattern, anchored ? path : name, ignoreCase: false))
            {
                return true;
            }
        }

        return false;
    }

    private static string Trim(string pattern)
    {
        string bare = pattern.StartsWith("./", StringComparison.Ordinal) ? pattern[1..] : pattern;
        return bare.Length > 1 ? bare.TrimEnd('/') : bare;
    }
}
