using System.Diagnostics.CodeAnalysis;

namespace Nyala.Server.Sites;

/// <summary>The form that the names of sites and deployments share.</summary>
internal static class SiteName
{
    private const int MaxLength = 128;

    /// <summary>What a refusal says of the form.</summary>
    public const string Rule = "letters, digits, '.', '_' and '-', at most 128 characters, neither '.' nor '-' first";

    /// <summary>Whether a name can stand in a path and a file name everywhere: <see cref="Rule"/>, ASCII only.</summary>
    public static bool IsValid([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= MaxLength }
        && name[0] is not ('.' or '-')
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
