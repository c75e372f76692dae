using System.Text.RegularExpressions;

namespace Nyala.Server.Deploying.Zip;

/// <summary>Reads the parameter <c>path</c>, which is relative to the site or absolute under Azure's <c>/home/site/wwwroot</c>. Pure.</summary>
internal static partial class SitePath
{
    private const string Rule = "Use a path relative to the site, such as path=api/v2, or an absolute path under /home/site/wwwroot.";

    /// <summary>Returns the path below the site, without a slash at either end and empty for the site itself; null if it is refused, with the reason.</summary>
    public static string? Read(string given, out string reason)
    {
        reason = "";
        string path = given;
        if (path.Contains('\\', StringComparison.Ordinal))
        {
            reason = $"'path' contains a backslash, which is part of a name here and a separator elsewhere. {Rule}";
            return null;
        }

        if (Home().Match(path) is { Success: true } home)
        {
            Match root = Root().Match(path);
            if (!root.Success)
            {
                reason = $"'path' leads to {home.Value.TrimEnd('/')}, outside the site. {Rule}";
                return null;
            }

            path = path[root.Length..];
        }

        path = path.TrimEnd('/');
        if (path.Length == 0)
        {
            reason = given.Trim('/').Length == 0 ? $"'path' is empty or \"/\". {Rule}" : "";
            return reason.Length == 0 ? "" : null;
        }

        if (ZipPath.Of(path, folder: true, out string wrong) is { } below)
        {
            return below;
        }

        reason = $"'path' {wrong}. {Rule}";
        return null;
    }

    /// <summary>Matches the forms that Kudu accepts for the folder above the site, with or without a slash before them.</summary>
    [GeneratedRegex(@"^/*(home|%home%|\$home)(/|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Home();

    [GeneratedRegex(@"^/*(home|%home%|\$home)/+site/+wwwroot(/+|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Root();
}
