namespace Nyala.Cli;

/// <summary>The server's rule for deployment IDs, also used for site names. It is checked before any request, so that a typo is wrong usage.</summary>
internal static class NameRule
{
    private const int MaxLength = 128;

    public const string Rule = "1 to 128 letters, digits, '.', '_' or '-', must not start with '.' or '-', and must not be 'latest'";

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength
        && name[0] is not ('.' or '-')
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
        && !name.Equals("latest", StringComparison.OrdinalIgnoreCase);
}
