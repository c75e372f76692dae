namespace Nyala.Cli;

/// <summary>The server's rule for the ids of deployments and the names of sites, known here so that a slip is wrong usage at once.</summary>
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
