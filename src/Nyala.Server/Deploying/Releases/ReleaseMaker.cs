using Nyala.Client;
using Nyala.Server.Deploying.Commands;
using Nyala.Server.Deploying.Git;
using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Releases;

/// <summary>
/// Makes a release: the files of the source, or what the deploy command makes of them. The command runs in the source's folder and fills the target. If it
/// leaves the target empty, it has built in place, and the source becomes the release.
/// </summary>
internal sealed class ReleaseMaker(IStore store, SiteSettings settings, SiteFolders folders, CommandStep step, LfsCheck lfs)
{
    /// <returns>Null if it succeeded; otherwise the reason for the failure.</returns>
    /// <exception cref="OperationCanceledException">The deployment was canceled.</exception>
    public async Task<string?> MakeAsync(ISource files, RunRecord run, RunOutput output, CancellationToken cancellationToken)
    {
        SiteFolder folder = folders.Of(run.Site);
        string source = folder.Checkout(run);
        string target = folder.Release(run);
        folder.MakeReleases();
        folder.MakeWork();

        // If a deployment was removed and comes again, its run numbers start at one again, so these folders may exist.
        SiteFolders.Remove(source);
        SiteFolders.Remove(target);
        SiteFolders.MakeReadable(source);
        try
        {
            if (await files.FillAsync(source, output, cancellationToken) is { } unfilled)
            {
                return unfilled;
            }

            SourceScan scan = files.CheckedOut?.Scan ?? await Task.Run(() => SourceScan.Of(source, cancellationToken), cancellationToken);
            if (files.IsRelease)
            {
                string? pointers = await lfs.RefuseAsync(scan.Pointers, run.Site, output, cancellationToken);
                if (pointers is null)
                {
                    SiteFolders.Move(source, target);
                }

                return pointers;
            }

            string? failure = await MakeAsync(files, scan, run, folder, output, cancellationToken);
            if (failure is null)
            {
                DotDeploymentFile.RemoveFrom(target);
            }

            return failure;
        }
        finally
        {
            Checkouts.RemoveIndex(source);
        }
    }

    private async Task<string?> MakeAsync(ISource files, SourceScan scan, RunRecord run, SiteFolder folder, RunOutput output, CancellationToken cancellationToken)
    {
        string source = folder.Checkout(run);
        string target = folder.Release(run);
        DotDeploymentFile file = DotDeploymentFile.Read(source);
        if (file.Refusal is not null)
        {
            return file.Refusal;
        }

        if (file.Warning is not null)
        {
            await output.WriteAsync(file.Warning, LogEntryType.Warning);
        }

        string? command = (await store.ReadAsync(tables => tables.Sites.Find(run.Site), cancellationToken))?.Command;
        IReadOnlyDictionary<string, string> variables = await settings.ReadAsync(run.Site, cancellationToken);
        output.Mask(variables);
        DeployPlan plan = DeployPlan.Of(command, variables, file.Content);
        if (plan.Refusal is not null)
        {
            return plan.Refusal;
        }

        foreach (string warning in plan.Warnings)
        {
            await output.WriteAsync(warning, LogEntryType.Warning);
        }

        if (plan.Command is null)
        {
            return await TakeAsync(source, plan.Project, scan, target, run, output, cancellationToken);
        }

        string? failure = await lfs.RefuseAsync(scan.Pointers, run.Site, output, cancellationToken) ?? await step.RunAsync(plan, files, run, folder, output, cancellationToken);
        if (failure is null && !Directory.EnumerateFileSystemEntries(target).Any())
        {
            Directory.Delete(target);
            SiteFolders.Move(source, target);
        }

        return failure;
    }

    /// <summary>Makes the release from the files as they are: all of them, or the folder that the project names.</summary>
    private async Task<string?> TakeAsync(string source, ProjectChoice? project, SourceScan scan, string target, RunRecord run, RunOutput output, CancellationToken cancellationToken)
    {
        string named = (project?.Path ?? "").Replace('\\', '/').TrimStart('/');
        if (new SourceFiles(source).FindFolder(named) is not { } folder)
        {
            return $"{project!.NamedBy} names the project '{project.Path}', which is not a folder among the deployed files. "
                + "Specify an existing folder. A project that must be built needs a deploy command, because this server builds nothing by itself.";
        }

        SourceScan there = scan.Below(Path.GetRelativePath(source, folder));
        if (await lfs.RefuseAsync(there.Pointers, run.Site, output, cancellationToken) is { } pointers)
        {
            return pointers;
        }

        // Kudu's sync leaves out every file of that name, although only the one at the top is read.
        foreach (string file in there.DotDeployments)
        {
            SiteFolders.RemoveFile(Path.Combine(folder, file));
        }

        SiteFolders.Move(folder, target);
        return null;
    }
}
