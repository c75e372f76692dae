using Nyala.Client;
using Nyala.Server.Sites;

namespace Nyala.Server.Deploying.Git;

/// <summary>Keeps Git LFS pointers from going live in place of the files that they stand for, from wherever the files of a deployment come.</summary>
internal sealed class LfsCheck(SiteSettings settings)
{
    /// <summary>The site's setting that lets pointers be deployed.</summary>
    public const string Setting = "SCM_ALLOW_LFS_POINTERS";

    private const int MostNamed = 5;

    /// <param name="pointers">Those that there are, by their paths, in order.</param>
    /// <param name="site">The site.</param>
    /// <param name="output">Where a warning goes if pointers are let through.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Why the deployment fails; null if it goes on.</returns>
    public async Task<string?> RefuseAsync(IReadOnlyCollection<string> pointers, string site, RunOutput output, CancellationToken cancellationToken)
    {
        if (pointers.Count == 0)
        {
            return null;
        }

        if ((await settings.ReadAsync(site, cancellationToken)).Any(setting => setting.Key.Equals(Setting, StringComparison.OrdinalIgnoreCase) && IsTrue(setting.Value)))
        {
            await output.WriteAsync($"{Describe(pointers)} They are deployed as they are ({Setting}).", LogEntryType.Warning);
            return null;
        }

        return $"{Describe(pointers)} This server keeps no LFS objects. Send the files themselves with `nyala deploy`, take them out of LFS (git lfs migrate export), "
            + $"or set {Setting}=1 for the site to deploy the pointers as they are.";
    }

    /// <summary>Says what was found, by the first names. Pure.</summary>
    internal static string Describe(IReadOnlyCollection<string> pointers)
    {
        string names = string.Join(", ", pointers.Take(MostNamed)) + (pointers.Count > MostNamed ? $" and {pointers.Count - MostNamed} more" : "");
        return pointers.Count == 1 ? $"1 file is a Git LFS pointer and not the file itself: {names}." : $"{pointers.Count} files are Git LFS pointers and not the files themselves: {names}.";
    }

    /// <summary>As Kudu reads its settings.</summary>
    private static bool IsTrue(string value) => value == "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase);
}
