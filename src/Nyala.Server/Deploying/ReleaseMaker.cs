using Nyala.Client;
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
    /// <exception cref="OperationCanceledException">It was ended before its time.</exception>
    public async Task<string?> MakeAsync(ISource files, RunRecord run, RunOutput output, CancellationToken cancellationToken)
    {
        SiteFolder folder = folders.Of(run.Site);
        string source = folder.Source(run);
        string target = folder.Release(run);
        Directory.CreateDirectory(folder.Releases);

        // The runs of a deployment that was removed and comes again are counted from one again.
        SiteFolders.Remove(source);
        SiteFolders.Remove(target);
        Directory.CreateDirectory(source);
        if (await files.FillAsync(source, output, cancellationToken) is { } unfilled)
        {
            return unfilled;
        }

        DotDeployment? file = ReadDotDeployment(source);
        string? command = (await store.ReadAsync(tables => tables.Sites.Find(run.Site), cancellationToken))?.Command ?? file?.Command;
        if (command is null)
        {
            if (file is { Project: null })
            {
                await output.WriteAsync($"{DotDeployment.FileName} names neither a command nor a project under [config]: all files are the release.", LogEntryType.Warning);
            }

            return Take(source, file?.Project, target);
        }

        Directory.CreateDirectory(target);
        await output.WriteAsync($"Running the command: {command}");
        if (await runner.RunAsync(command, source, [.. await settings.ReadAsync(run.Site, cancellationToken), .. Variables(run, source, target)], output, cancellationToken) is { } failure)
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

    /// <summary>Makes the release of the files as they are: all of them, or the folder that is named.</summary>
    private static string? Take(string source, string? project, string target)
    {
        string folder = Path.GetFullPath(Path.Combine(source, project ?? "."));
        if (project is not null && !IsFolderBelow(source, folder))
        {
            return $"{DotDeployment.FileName} names the project '{project}', which is no folder of what was sent. "
                + "Name a folder below it; a project that is to be built needs a command, since this server builds nothing by itself.";
        }

        SiteFolders.Move(folder, target);
        return null;
    }

    /// <summary>Whether it is a folder in the source, at the end of no link: links may lead anywhere on this machine.</summary>
    private static bool IsFolderBelow(string source, string folder)
    {
        for (string? path = folder; path != source; path = Path.GetDirectoryName(path))
        {
            if (path is null || new DirectoryInfo(path) is not { Exists: true, LinkTarget: null })
            {
                return false;
            }
        }

        return true;
    }

    private static DotDeployment? ReadDotDeployment(string source)
    {
        var file = new FileInfo(Path.Combine(source, DotDeployment.FileName));
        return file.Exists && file.LinkTarget is null && file.Length <= MaxDotDeployment ? DotDeployment.Read(File.ReadAllText(file.FullName)) : null;
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
