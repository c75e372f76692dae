using Nyala.Client;
using Nyala.Server.Deploying.Git;
using Nyala.Server.Deployments;
using Nyala.Server.Processes;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Push;

/// <summary>A push, and the site that it is for.</summary>
/// <param name="Id">The push's id.</param>
/// <param name="Site">The site.</param>
/// <param name="Deployer">The name of the pusher.</param>
/// <param name="Actor">The pusher, for the audit log.</param>
/// <param name="Trace">The <c>traceparent</c> of the push request; null if it had none.</param>
internal sealed record PushOrder(long Id, SiteRecord Site, string Deployer, Actor Actor, string? Trace);

/// <summary>
/// Admits a push once git has received it, deploys what it brought once git has stored it, and reports the progress to the pusher. If the pusher disconnects,
/// the deployment continues.
/// </summary>
internal sealed class PushSession(IStore store, PushAdmission admission, Deployer deployer, RunFollower follower)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    /// <param name="order">The push and its site.</param>
    /// <param name="repository">The repository that was pushed to.</param>
    /// <param name="pipes">The connection to git and the pusher.</param>
    /// <param name="gitExited">Canceled when git has exited, after which nobody listens.</param>
    public async Task RunAsync(PushOrder order, BareRepository repository, PushPipes pipes, CancellationToken gitExited)
    {
        try
        {
            using AdmittedPush? admitted = await admission.AdmitAsync(order, await pipes.ReadAsync(gitExited), pipes, gitExited);
            if (admitted is not null)
            {
                await ActAsync(order with { Site = admitted.Site }, repository, pipes, admitted, gitExited);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // git refused the push before it ran a hook, or the pusher disconnected.
        }
        catch (StoreUnavailableException)
        {
            // The deployment continues; the pusher cannot see it.
        }
        finally
        {
            pipes.End();
        }
    }

    /// <summary>Flushes what git has stored before the pusher sees the end: git syncs its files, but not the folders that list them.</summary>
    private static async Task FlushAsync(BareRepository repository, PushPipes pipes, CancellationToken gitExited)
    {
        try
        {
            await Task.Run(() => Posix.Flush(repository.Path), CancellationToken.None);
        }
        catch (IOException error)
        {
            await pipes.SayAsync($"The push is stored, but a power cut may lose it: {error.Message}", gitExited);
        }
    }

    private async Task ActAsync(PushOrder order, BareRepository repository, PushPipes pipes, AdmittedPush admitted, CancellationToken gitExited)
    {
        IReadOnlyList<RefUpdate> updates = await pipes.ReadAsync(gitExited);
        await FlushAsync(repository, pipes, gitExited);
        foreach (RefUpdate update in updates)
        {
            if (update.Deletes)
            {
                await pipes.SayAsync($"{update.Name} was removed.", gitExited);
            }
            else if (update.Moves(order.Site.Branch))
            {
                await DeployAsync(order, repository, update.New, pipes, admitted, gitExited);
            }
            else
            {
                await pipes.SayAsync($"{update.Name} is stored but not deployed: {order.Site.Name} deploys the branch '{order.Site.Branch}'.", gitExited);
            }
        }
    }

    private async Task DeployAsync(PushOrder order, BareRepository repository, string id, PushPipes pipes, AdmittedPush admitted, CancellationToken gitExited)
    {
        if (await repository.FindAsync(id, CancellationToken.None) is not { } commit || admitted.Take() is not { } pass)
        {
            await pipes.SayAsync($"{id} is not a commit, so nothing is deployed.", gitExited);
            return;
        }

        RunningDeployment running;
        try
        {
            running = await deployer.BeginAsync(
                new DeployOrder
                {
                    Site = order.Site.Name,
                    Deployment = commit.Id,
                    Author = commit.Author,
                    AuthorEmail = commit.AuthorEmail,
                    Message = commit.Message,
                    Deployer = order.Deployer,
                    Branch = order.Site.Branch,
                    Source = new GitSource(repository, commit.Id),
                    Actor = order.Actor,
                    Trace = order.Trace,
                },
                pass);
        }
        catch (StoreUnavailableException error)
        {
            await pipes.SayAsync($"The push is stored but not deployed: {error.Message} To deploy it later, run: nyala deployments redeploy {commit.Id} --site {order.Site.Name}", gitExited);
            return;
        }

        await foreach (RunUpdate news in follower.FollowAsync(running.Run, after: 0, Quiet, gitExited))
        {
            foreach (LogRecord entry in news.Entries)
            {
                await pipes.SayAsync(entry.Message, gitExited);
            }
        }

        DeploymentResult end = await running.Ended.WaitAsync(gitExited);
        if (end.Run.Status == DeploymentStatus.Failed)
        {
            await pipes.SayAsync("The push is stored, and the live release is unchanged. Fix the cause, then push another commit, or deploy this one again:", gitExited);
            await pipes.SayAsync($"  nyala deployments redeploy --site {order.Site.Name}", gitExited);
        }

        await pipes.SayAsync(await NotifiedAsync(end.Event, gitExited), gitExited);
    }

    private async Task<string> NotifiedAsync(long @event, CancellationToken cancellationToken)
    {
        (int all, int told) = await store.SearchAsync(tables => tables.Deliveries.CountOfEvent(@event), cancellationToken);
        int left = all - told;
        return all == 0 ? "No webhook matched."
            : $"Notified {told} {(told == 1 ? "webhook" : "webhooks")}{(left > 0 ? $"; {left} pending" : "")}.";
    }
}
