using Nyala.Client;
using Nyala.Server.Sites;

namespace Nyala.Server.Deploying.Git;

/// <summary>Keeps Git LFS pointers from going live instead of the files that they stand for, whatever source the files come from.</summary>
internal sealed class LfsCheck(SiteSettings settings)
{
    /// <summary>The site setting that allows pointers to be deployed.</summary>
    public const string Setting = "SCM_ALLOW_LFS_POINTERS";

    private const int MaxNamed = 5;

    /// <param name="pointers">The paths of the pointers that were found, in order.</param>
    /// <param name="site">The site.</param>
    /// <param name="output">Receives a warning if pointers are allowed.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Why the deployment fails; null if it may continue.</returns>
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

        return $"{Describe(pointers)} This server does not store LFS objects. Send the files themselves with `nyala deploy`, remove them from LFS (git lfs migrate export), "
            + $"or set {Setting}=1 for the site to deploy the pointers as they are.";
    }

    /// <summary>Describes what was found, with the first names. Pure.</summary>
    internal static string Describe(IReadOnlyCollection<string> pointers)
    {
        string names = string.Join(", ", pointers.Take(MaxNamed)) + (pointers.Count > MaxNamed ? $" and {pointers.Count - MaxNamed} more" : "");
        return pointers.Count == 1 ? $"1 file is a Git LFS pointer, not the file itself: {names}." : $"{pointers.Count} files are Git LFS pointers, not the files themselves: {names}.";
    }

    /// <summary>Reads a flag as Kudu does.</summary>
    private static bool IsTrue(string value) => value == "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase);
}
