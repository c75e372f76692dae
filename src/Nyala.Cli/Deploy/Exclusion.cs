using System.IO.Enumeration;

namespace Nyala.Cli.Deploy;

/// <summary>
/// What <c>--exclude</c> leaves out. A pattern without a slash is compared with the name of each file and folder, one with a slash with the path
/// below the folder that is deployed; <c>*</c> stands for anything, <c>?</c> for one character. Of a folder all goes that is in it.
/// </summary>
internal sealed class Exclusion(IEnumerable<string> patterns)
{
    private const string Repository = ".git";

    private readonly string[] _patterns = [.. patterns.Select(Trim).Where(pattern => pattern.Length > 0)];

    /// <summary>Whether a file or folder stays out.</summary>
    /// <param name="path">Its path below the folder that is deployed, with <c>/</c>.</param>
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
