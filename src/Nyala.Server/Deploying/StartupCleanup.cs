using Nyala.Client;
using Nyala.Server.Deploying.Git;
using Nyala.Server.Deploying.Releases;
using Nyala.Server.Deployments;
using Nyala.Server.Processes;
using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>
/// Cleans up after a server that was killed, before the first request is served. A deployment that was cut off ends as failed and raises its event, and its
/// site is switched back to the release before it.
/// </summary>
internal sealed class StartupCleanup(IStore store, ReportRecorder recorder, SiteFolders folders, IdSource ids, Shutdown shutdown, ILogger<StartupCleanup> logger) : IHostedService
{
    private const string WentDown = "The server went down before the deployment ended.";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (RunRecord run in await store.ReadAsync(tables => tables.Runs.InProgress(), cancellationToken))
        {
            await EndAsync(run, cancellationToken);
        }

        OrphanProcesses.EndGit(folders.Root);
        Discard(folders.Uploads);
        foreach (SiteFolder folder in folders.All)
        {
            ClearRepository(folder);
            foreach (long push in folder.Pushes.ToArray())
            {
                await ReportStoredAsync(folder, push, cancellationToken);
            }

            Discard(folder.Work);
        }

        if (Directory.Exists(folders.Discarded))
        {
            _ = shutdown.Track(Task.Run(() => Try(folders.Discarded, () => SiteFolders.Remove(folders.Discarded)), CancellationToken.None));
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Records a failed deployment for a push that git had stored but whose deployment had not begun when the server went down. Otherwise nobody would notice:
    /// if the push is sent again, git reports it as up to date.
    /// </summary>
    private async Task ReportStoredAsync(SiteFolder folder, long push, CancellationToken cancellationToken)
    {
        string name = Path.GetFileName(folder.Path);
        if (await store.ReadAsync(tables => tables.Sites.Find(name), cancellationToken) is not { } site
            || await FindStoredAsync(folder, site, push, cancellationToken) is not { } head)
        {
            return;
        }

        string reason = $"The server went down before the deployment started. The push is stored. To deploy it, run `nyala deployments redeploy {head.Id} --site {site.Name}`.";
        var form = new ReportForm
        {
            Status = DeploymentStatus.Failed,
            StatusText = reason,
            LastLine = reason,
            Performed = true,
            Key = $"performed-{ids.Next()}",
            Message = head.Message,
            Author = head.Author,
            AuthorEmail = head.AuthorEmail,
            Deployer = "git push",
            Branch = site.Branch,
        };
        await recorder.ReportAsync(site.Name, head.Id, form, trace: null, TimeSpan.Zero, cancellationToken);
        DeployingLog.CutOff(logger, site.Name, head.Id);
    }

    /// <summary>
    /// Returns the commit that a push brought; null if git had not stored it, or if its deployment had begun. Runs and pushes share one increasing sequence of
    /// ids, so a run of the commit with a greater id began after the push.
    /// </summary>
    private async Task<Commit?> FindStoredAsync(SiteFolder folder, SiteRecord site, long push, CancellationToken cancellationToken)
    {
        try
        {
            return File.Exists(folder.PushedCommit(push))
                && await new BareRepository(folder.Repository).FindRefAsync(BranchName.Heads + site.Branch, cancellationToken) is { } head
                && head.Id == await File.ReadAllTextAsync(folder.PushedCommit(push), cancellationToken)
                && !(await store.ReadAsync(tables => tables.Runs.FindLatest(site.Name, head.Id), cancellationToken) is { } run && run.Id > push)
                ? head
                : null;
        }
        catch (Exception error) when (error is GitMissingException or IOException)
        {
            // The server starts anyway, because the webhooks of other sites must not wait.
            DeployingLog.NotLookedAt(logger, error, site.Name);
            return null;
        }
    }

    private void ClearRepository(SiteFolder folder)
    {
        try
        {
            new BareRepository(folder.Repository).ClearLeftovers();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            DeployingLog.NotPurged(logger, error, Path.GetFileName(folder.Path));
        }
    }

    /// <summary>Moves a folder aside for later removal, because removing tens of thousands of files may take longer than a start should.</summary>
    private void Discard(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        bool aside = Try(folder, () =>
        {
            SiteFolders.MakePrivate(folders.Discarded);
            SiteFolders.Move(folder, Path.Combine(folders.Discarded, $"{ids.Next()}"));
        });
        if (!aside)
        {
            // A folder on another disk cannot be moved aside.
            Try(folder, () => SiteFolders.Remove(folder));
        }
    }

    private bool Try(string folder, Action act)
    {
        try
        {
            act();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            DeployingLog.NotDiscarded(logger, error, folder);
            return false;
        }
    }

    private async Task EndAsync(RunRecord run, CancellationToken cancellationToken)
    {
        RunRecord? before = await store.ReadAsync(tables => tables.Runs.Succeeded(run.Site, limit: 1) is [RunRecord newest] ? newest : null, cancellationToken);
        try
        {
            Clear(run, before);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The server starts anyway, because the webhooks of other sites must not wait.
            DeployingLog.NotCleared(logger, error, run.Site, run.Deployment);
        }

        var end = new ReportForm
        {
            Status = DeploymentStatus.Failed,
            StatusText = WentDown,
            LastLine = WentDown,
            Performed = true,
            Key = run.Key,
        };
        await recorder.ReportAsync(
            run.Site, run.Deployment, end, trace: null, TimeSpan.Zero, cancellationToken, tables => tables.PushWebhooks.Forget(run.Site, run.Deployment));
        DeployingLog.CutOff(logger, run.Site, run.Deployment);
    }

    private void Clear(RunRecord run, RunRecord? before)
    {
        SiteFolder folder = folders.Of(run.Site);
        OrphanProcesses.EndCommand(folder.Checkout(run));
        string release = SiteFolder.ReleaseName(run);
        var releases = new SiteReleases(folder);
        if (releases.Current == release)
        {
            releases.Restore(before is null ? null : SiteFolder.ReleaseName(before));
        }

        releases.Remove(release);
    }
}
