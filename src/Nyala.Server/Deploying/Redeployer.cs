using Nyala.Server.Access;
using Nyala.Server.Deploying.Git;
using Nyala.Server.Deploying.Releases;
using Nyala.Server.Deploying.Zip;
using Nyala.Server.Deployments;
using Nyala.Server.Events;
using Nyala.Server.Http;
using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>
/// Deploys again what was deployed or stored before: a commit from the site's repository, a zip that was kept, or the release of an earlier run.
/// </summary>
internal sealed class Redeployer(
    IStore store, DeploymentReads deployments, SiteFinder sites, SiteGate gate, SiteFolders folders, Deployer deployer, DeployingOptions options) : IRedeployer
{
    private const int MaxRuns = 1000;

    /// <summary>Redeploys a deployment, or deploys a commit that was pushed but never deployed.</summary>
    public async Task<IResult> RedeployAsync(HttpContext http, string id, CancellationToken cancellationToken)
    {
        string? name = http.GetRequestSite().Site;
        RunRecord? run = await deployments.FindAsync(name, id, cancellationToken);
        return await sites.FindAsync(run?.Site ?? name, cancellationToken) is { } site
            ? await BeginAsync(http, site, run, id, cancellationToken)
            : Refusal.Kudu(StatusCodes.Status404NotFound, $"Deployment '{id}' not found.");
    }

    /// <summary>Deploys the head of the site's branch. If the branch does not exist, redeploys the newest deployment that succeeded.</summary>
    public async Task<IResult> RedeployHeadAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (await RedeployForm.ReadAsync(http.Request, cancellationToken) is { } refused)
        {
            return refused;
        }

        string? name = http.GetRequestSite().Site;
        if (await sites.FindAsync(name, cancellationToken) is not { } site)
        {
            return sites.Refuse(name);
        }

        if (await Repository(site).FindRefAsync(BranchName.Heads + site.Branch, cancellationToken) is { } head)
        {
            RunRecord? known = await store.ReadAsync(tables => tables.Runs.FindLatest(site.Name, head.Id), cancellationToken);
            return await BeginAsync(http, site, known, head.Id, cancellationToken);
        }

        return await store.ReadAsync(tables => tables.Runs.Succeeded(site.Name, limit: 1), cancellationToken) is [RunRecord newest] && newest.Received >= site.Created
            ? await BeginAsync(http, site, newest, newest.Deployment, cancellationToken)
            : Refusal.Kudu(StatusCodes.Status404NotFound, $"Nothing has been pushed or sent to '{site.Name}' yet. Its branch '{site.Branch}' is empty.");
    }

    /// <summary>Deploys what the site ran before, see <see cref="RollbackRule"/>.</summary>
    public async Task<IResult> RollBackAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (await RedeployForm.ReadAsync(http.Request, cancellationToken) is { } refused)
        {
            return refused;
        }

        string? name = http.GetRequestSite().Site;
        if (await sites.FindAsync(name, cancellationToken) is not { } site)
        {
            return sites.Refuse(name);
        }

        IReadOnlyList<RunRecord> succeeded = await store.ReadAsync(tables => tables.Runs.Succeeded(site.Name, MaxRuns), cancellationToken);

        // Earlier runs belong to a removed site of the same name, and their files are gone.
        return RollbackRule.Judge([.. succeeded.Where(run => run.Received >= site.Created)]) is { } before
            ? await BeginAsync(http, site, before, before.Deployment, cancellationToken)
            : Refusal.Kudu(StatusCodes.Status409Conflict, $"There is no deployment to roll back to: '{site.Name}' ran no other deployment before this one.");
    }

    private async Task<IResult> BeginAsync(HttpContext http, SiteRecord site, RunRecord? run, string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(site, run, id, cancellationToken) is not { } order)
        {
            return Refusal.Kudu(
                StatusCodes.Status404NotFound,
                run is null ? $"Deployment '{id}' not found."
                    : run.Performed && CommitName.IsWhole(id) ? $"The commit '{id}' is no longer in the repository of '{site.Name}'. Push it again."
                    : run.Performed ? $"The files of deployment '{id}' no longer exist. '{site.Name}' keeps the zips of its newest {site.Keep} deployments."
                    : $"Deployment '{id}' was only reported to this server, so the server does not have its files. Redeploy it where it ran.");
        }

        if (await gate.EnterAsync(site.Name, cancellationToken) is not { } pass)
        {
            return DeploymentResponse.Busy(gate.BusyAt(site.Name));
        }

        RunningDeployment running = await deployer.BeginAsync(order with { Actor = Caller.ActorOf(http), Trace = TraceParent.Of(http.Request) }, pass);
        return await DeploymentResponse.OfAsync(http, running, cancellationToken);
    }

    private async Task<DeployOrder?> FindAsync(SiteRecord site, RunRecord? run, string id, CancellationToken cancellationToken)
    {
        string package = folders.Of(site.Name).Package(id);
        if (run is not null && File.Exists(package))
        {
            return Again(run, new ZipSource(null, package, options.Zip));
        }

        if (run is not null && !CommitName.IsWhole(id) && await FindReleaseAsync(run, cancellationToken) is { } release)
        {
            return Again(run, new ReleaseSource(release));
        }

        BareRepository repository = Repository(site);
        if (!CommitName.IsWhole(id) || await repository.FindAsync(id, cancellationToken) is not { } commit)
        {
            return null;
        }

        var source = new GitSource(repository, commit.Id);
        return run is not null ? Again(run, source) : new DeployOrder
        {
            Site = site.Name,
            Deployment = commit.Id,
            Author = commit.Author,
            AuthorEmail = commit.AuthorEmail,
            Message = commit.Message,
            Deployer = "Redeploy",
            Source = source,
            Actor = Actor.Server,
        };
    }

    /// <summary>Returns the path of the newest release of a deployment that is still kept; null if none is.</summary>
    private async Task<string?> FindReleaseAsync(RunRecord run, CancellationToken cancellationToken)
    {
        SiteFolder folder = folders.Of(run.Site);
        IReadOnlyList<RunRecord> succeeded = await store.ReadAsync(tables => tables.Runs.Succeeded(run.Site, MaxRuns), cancellationToken);
        return succeeded.Where(other => other.Deployment == run.Deployment).Select(folder.Release).FirstOrDefault(Directory.Exists);
    }

    private BareRepository Repository(SiteRecord site) => new(folders.Of(site.Name).Repository);

    private static DeployOrder Again(RunRecord run, ISource source) => new()
    {
        Site = run.Site,
        Deployment = run.Deployment,
        Author = run.Author,
        AuthorEmail = run.AuthorEmail,
        Message = run.Message,
        Deployer = run.Deployer,
        Branch = run.Branch,
        Source = source,
        Actor = Actor.Server,
    };
}
