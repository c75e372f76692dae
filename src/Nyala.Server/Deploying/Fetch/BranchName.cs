namespace Nyala.Server.Deploying.Fetch;

/// <summary>The form of a branch's name, as <c>git check-ref-format --branch</c> has it: such a name is no option and no pattern either.</summary>
internal static class BranchName
{
    public const int MaxLength = 200;

    private const string Forbidden = " ~^:?*[\\\u007F";

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength
        && name is not ("@" or "HEAD")
        && name[0] != '-'
        && !name.EndsWith('.')
        && !name.Contains("..", StringComparison.Ordinal)
        && !name.Contains("@{", StringComparison.Ordinal)
        && !name.Any(c => c < ' ' || Forbidden.Contains(c, StringComparison.Ordinal))
        && IsText(name)
        && name.Split('/').All(part => part.Length > 0 && part[0] != '.' && !part.EndsWith(".lock", StringComparison.Ordinal));

    /// <summary>Whether it can be written: half a character cannot.</summary>
    private static bool IsText(string name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsSurrogate(name[i]) && !(i + 1 < name.Length && char.IsSurrogatePair(name[i], name[++i])))
            {
                return false;
            }
        }

        return true;
    }
}
