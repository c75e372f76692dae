using System.Diagnostics.CodeAnalysis;

namespace Nyala.Server.Sites;

/// <summary>The form of site names. Deployment ids have the same form.</summary>
internal static class SiteName
{
    private const int MaxLength = 128;

    /// <summary>The form, as error messages state it.</summary>
    public const string Rule = "1 to 128 letters, digits, '.', '_' or '-', not starting with '.' or '-'";

    /// <summary>
    /// Whether a name conforms to <see cref="Rule"/>, with only ASCII characters. Such a name works in URL paths, and in file names on every system.
    /// </summary>
    public static bool IsValid([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= MaxLength }
        && name[0] is not ('.' or '-')
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
