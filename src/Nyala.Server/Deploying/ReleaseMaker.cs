using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>
/// Makes a release: the files of the source, or what the deploy command makes of them. The command runs in the source's folder
/// and fills the target; where it leaves that empty it has built in place, and the source is the release.
/// </summary>
internal sealed class ReleaseMaker(IStore store, SiteSettings settings, SiteFolders folders, CommandRunner runner)
{
    private const int MaxDotDeployment = 64 * 1024;

    /// <returns>Null where it succeeded, else why not.</returns>
    public async Task<string?> MakeAsync(ISource files, RunRecord run, RunOutput output, CancellationToken stopping)
    {
        SiteFolder folder = folders.Of(run.Site);
        string source = folder.Source(run);
        string target = folder.Release(run);
        Directory.CreateDirectory(folder.Releases);

        // The runs of a deployment that was removed and comes again are counted from one again.
        SiteFolders.Remove(source);
        SiteFolders.Remove(target);
        Directory.CreateDirectory(source);
        if (await files.FillAsync(source, output, stopping) is { } unfilled)
        {
            return unfilled;
        }

        string? command = (await store.ReadAsync(tables => tables.Sites.Find(run.Site), stopping))?.Command ?? ReadDotDeployment(source);
        if (command is null)
        {
            SiteFolders.Move(source, target);
            return null;
        }

        Directory.CreateDirectory(target);
        await output.WriteAsync($"Running the command: {command}");
        if (await runner.RunAsync(command, source, [.. await settings.ReadAsync(run.Site, stopping), .. Variables(run, source, target)], output, stopping) is { } failure)
        {
            return failure;
        }

        if (!Directory.EnumerateFileSystemEntries(target).Any())
        {
            Directory.Delete(target);
            SiteFolders.Move(source, target);
        }

        return null;
    }

    private static string? ReadDotDeployment(string source)
    {
        var file = new FileInfo(Path.Combine(source, DotDeployment.FileName));
        return file.Exists && file.LinkTarget is null && file.Length <= MaxDotDeployment ? DotDeployment.Command(File.ReadAllText(file.FullName)) : null;
    }

    private static IEnumerable<KeyValuePair<string, string>> Variables(RunRecord run, string source, string target) =>
    [
        new("DEPLOYMENT_SOURCE", source),
        new("DEPLOYMENT_TARGET", target),
        new("DEPLOYMENT_ID", run.Deployment),
        new("DEPLOYMENT_SITE", run.Site),
        new("DEPLOYMENT_BRANCH", run.Branch ?? ""),
    ];
}
