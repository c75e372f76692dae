using Nyala.Server.Deploying.Git;
using Nyala.Server.Sources;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>
/// Accepts requests to deploy from other repositories. A push names its commit and is accepted at once. The generic form may name a branch or a part of an id,
/// so its commit is determined first, because a deployment is named after its commit.
/// </summary>
internal sealed class FetchIntake(SiteGate gate, PushWebhookIntake pushes, Deployer deployer, SiteFolders folders, KnownRepository known, FetchServices parts, Shutdown shutdown)
{
    private const string Unknown = "N/A";

    /// <summary>Accepts a request, or returns why not.</summary>
    /// <exception cref="StoreUnavailableException">
    /// The store cannot write. A push may still have been accepted, see <see cref="PushWebhookDeliveries.OnceAsync"/>.
    /// </exception>
    /// <exception cref="GitMissingException">git is not installed on this machine.</exception>
    public async Task<FetchVerdict> TakeAsync(FetchOrder asked, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, shutdown.Stopping);
        try
        {
            return await JudgeAsync(asked, either.Token);
        }
        catch (OperationCanceledException) when (shutdown.Stopping.IsCancellationRequested)
        {
            return new FetchVerdict.Stopping();
        }
    }

    private async Task<FetchVerdict> JudgeAsync(FetchOrder asked, CancellationToken cancellationToken)
    {
        (SiteRecord site, PushPayload payload) = (asked.Site, asked.Payload);
        RepositoryUrl url = await known.CompleteAsync(site.Name, asked.Url, cancellationToken);
        if (parts.Routes.Judge(url) is { } refusal)
        {
            return new FetchVerdict.Refused(refusal.Text);
        }

        var repository = new BareRepository(folders.Of(site.Name).Repository);
        await repository.EnsureAsync(site.Branch, cancellationToken);
        var target = new FetchTarget(payload.Branch ?? url.Branch ?? site.Branch, payload.Commit ?? url.Commit);
        var order = new DeployOrder
        {
            Site = site.Name,
            Deployment = target.Commit ?? "",
            Author = Filled(payload.Author, Unknown),
            AuthorEmail = payload.AuthorEmail,
            Message = Filled(payload.Message, $"Fetch from {url}"),
            Deployer = payload.Deployer,
            Branch = target.Branch,
            Source = new FetchSource(parts, repository, url, target, route: null),
            Actor = asked.Actor,
            Trace = asked.Trace,
        };
        if (payload.IsPush)
        {
            var push = new FetchedPush(site.Name, repository, url, target.Branch, payload.Commit!);
            return await pushes.TakeAsync(order, push, payload, asked.Arrival, cancellationToken);
        }

        return await BeginAsync(order, repository, url, target, cancellationToken);
    }

    private async Task<FetchVerdict> BeginAsync(
        DeployOrder order, BareRepository repository, RepositoryUrl url, FetchTarget target, CancellationToken cancellationToken)
    {
        if (await gate.EnterAsync(order.Site, cancellationToken) is not { } pass)
        {
            return new FetchVerdict.Busy(gate.BusyAt(order.Site));
        }

        try
        {
            (DeployOrder? found, string reason) = await FindAsync(order, repository, url, target, cancellationToken);
            if (found is null)
            {
                pass.Dispose();
                return new FetchVerdict.Refused(reason);
            }

            order = found;
        }
        catch
        {
            pass.Dispose();
            throw;
        }

        return new FetchVerdict.Started(await deployer.BeginAsync(order, pass));
    }

    /// <summary>Determines the commit that an order is for.</summary>
    private async Task<(DeployOrder? Order, string Reason)> FindAsync(
        DeployOrder order, BareRepository repository, RepositoryUrl url, FetchTarget target, CancellationToken cancellationToken)
    {
        if (target.Commit is { } id && CommitName.IsWhole(id))
        {
            return (order, "");
        }

        (FetchRoute? route, string reason) = await parts.Routes.FindAsync(url, cancellationToken);
        if (route is null)
        {
            return (null, reason);
        }

        if (target.Commit is null)
        {
            (string? commit, reason) = await parts.Fetcher.LocateAsync(route, target.Branch, cancellationToken);
            return commit is null
                ? (null, reason)
                : (order with { Deployment = commit, Source = new FetchSource(parts, repository, url, target with { Commit = commit }, route) { TipOf = order.Site } }, "");
        }

        // No server resolves a part of an id, so the branch is fetched and searched.
        Fetched fetched = await parts.Fetcher.FetchAsync(route, repository, target, _ => ValueTask.CompletedTask, cancellationToken);
        return fetched.Commit is { } found
            ? (order with { Deployment = found.Id, Source = new FetchSource(parts, repository, url, target with { Commit = found.Id }, route) }, "")
            : (null, fetched.Reason);
    }

    private static string Filled(string text, string otherwise) => text.Length > 0 ? text : otherwise;
}

/// <summary>A request to deploy from another repository.</summary>
/// <param name="Site">The site.</param>
/// <param name="Payload">What the request asks for.</param>
/// <param name="Url">The repository that the payload names.</param>
/// <param name="Actor">Who made the request.</param>
/// <param name="Trace">The <c>traceparent</c> of the request; null if it had none.</param>
/// <param name="Arrival">A number that grows from request to request, in the order in which they began.</param>
internal sealed record FetchOrder(SiteRecord Site, PushPayload Payload, RepositoryUrl Url, Actor Actor, string? Trace, long Arrival);
