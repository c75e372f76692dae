using Nyala.Client;
using Nyala.Server.Deploying.Git;
using Nyala.Server.Deploying.Releases;
using Nyala.Server.Events;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>
/// Performs deployments: writes the files to <c>work/</c>, makes a folder in <c>releases/</c> of them, moves the link <c>current</c> to it, and records the end,
/// which raises the event. No command runs after the move. The caller takes the site's pass (see <see cref="SiteGate"/>) and hands it over.
/// </summary>
internal sealed class Deployer(
    OrderProgress progress, Publisher publisher, ReleaseMaker maker, Purger purger, SpareCheckouts spares, SiteFolders folders, RunOutputs outputs, NyalaOptions options, DeployingInstruments instruments,
    RunningDeployments running, Shutdown shutdown, TimeProvider clock, ILogger<Deployer> logger)
{
    /// <summary>The failure reason of a deployment that a fault in the server ended.</summary>
    public const string Fault = "The server failed. Its log has details.";

    /// <summary>Begins a deployment. The task completes when the beginning is durable; the deployment continues in the background.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot write. The deployment did not begin.</exception>
    public async Task<RunningDeployment> BeginAsync(DeployOrder order, SiteGate.Pass pass)
    {
        try
        {
            RunRecord run = await progress.RecordStartAsync(order);
            pass.Deployment = run.Deployment;
            var cancellation = new Cancellation(shutdown.Stopping);
            var deployment = new RunningDeployment(
                run, shutdown.Track(Task.Run(() => RunAsync(order, run, cancellation, pass), CancellationToken.None)), cancellation);
            running.Add(deployment);
            return deployment;
        }
        catch
        {
            pass.Dispose();
            throw;
        }
    }

    private async Task<DeploymentResult> RunAsync(DeployOrder order, RunRecord run, Cancellation cancellation, SiteGate.Pass pass)
    {
        using (pass)
        {
            try
            {
                return await PerformAsync(order, run, cancellation, pass);
            }
            catch (Exception error)
            {
                // It is possible that nobody awaits this task, so the error is logged. The next start finds the deployment unfinished and ends it as failed.
                DeployingLog.NotEnded(logger, error, run.Site, run.Deployment);
                throw;
            }
        }
    }

    private async Task<DeploymentResult> PerformAsync(DeployOrder order, RunRecord run, Cancellation cancellation, SiteGate.Pass pass)
    {
        SiteFolder folder = folders.Of(run.Site);
        var releases = new SiteReleases(folder);
        string? before = releases.Current;
        RunOutput output = outputs.Open(run);
        long begin = clock.GetTimestamp();
        string? failure = await MakeAndSwitchAsync(order, run, output, folder, releases, cancellation);
        instruments.Ended(order.Source.Kind, clock.GetElapsedTime(begin), failure is null);
        await output.WriteAsync(failure ?? "Deployment successful.", failure is null ? LogEntryType.Message : LogEntryType.Error);
        await output.CompleteAsync();

        using Publication publication = publisher.Begin(wait: true);
        RunRecord ended;
        try
        {
            ended = await progress.RecordEndAsync(publication, order, run, failure, cancellation.By, pass);
        }
        catch (Exception error) when (error is not (StoreUnavailableException or OperationCanceledException))
        {
            DeployingLog.Failed(logger, error, run.Site, run.Deployment);
            if (failure is null)
            {
                // A site must not run a release whose deployment counts as failed.
                releases.Restore(before);
                Clear(run, folder.Release(run));
            }

            ended = await progress.RecordEndAsync(publication, order, run, failure ?? Fault, cancellation.By, pass, lastLine: Fault);
        }

        Task announcing = publication.AnnounceAsync(options.Delivery.PublishWait, shutdown.Stopping);
        await purger.BeginAsync(run.Site);
        if (failure is null && order.Source.CheckedOut is { } checkedOut)
        {
            spares.Begin(run.Site, checkedOut);
        }

        // The next deployment may begin now: slow receivers must not delay it.
        pass.Dispose();
        try
        {
            await announcing;
        }
        catch (OperationCanceledException)
        {
            // The server is stopping. The event is durable, and the next start sends it.
        }

        return new DeploymentResult(ended, publication.EventId);
    }

    /// <summary>Makes the release and switches the site to it.</summary>
    /// <returns>Null if it succeeded; otherwise the reason for the failure.</returns>
    private async Task<string?> MakeAndSwitchAsync(DeployOrder order, RunRecord run, RunOutput output, SiteFolder folder, SiteReleases releases, Cancellation cancellation)
    {
        string? failure;
        try
        {
            if (order.Source.TakesSpare)
            {
                await spares.WaitUntilMadeAsync(run.Site, cancellation.Token);
            }

            failure = await maker.MakeAsync(order.Source, run, output, cancellation.Token);
            if (!cancellation.Close())
            {
                failure = cancellation.Reason;
            }
            else if (failure is null)
            {
                releases.Switch(SiteFolder.ReleaseName(run));
                Clear(run, folder.Checkout(run));
                return null;
            }
        }
        catch (OperationCanceledException) when (cancellation.Token.IsCancellationRequested)
        {
            failure = cancellation.Reason;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or GitMissingException)
        {
            failure = error.Message;
        }
#pragma warning disable CA1031 // Every deployment must end: one that never ends would block its site.
        catch (Exception error)
#pragma warning restore CA1031
        {
            DeployingLog.Failed(logger, error, run.Site, run.Deployment);
            failure = Fault;
        }

        // The failure is final: a cancellation from now on would be recorded but change nothing.
        cancellation.Close();
        Clear(run, folder.Release(run));
        Clear(run, folder.Checkout(run));
        return failure;
    }

    /// <summary>Removes a folder if it exists. A failure is logged and does not fail the deployment.</summary>
    private void Clear(RunRecord run, string folder)
    {
        try
        {
            SiteFolders.Remove(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            DeployingLog.NotCleared(logger, error, run.Site, run.Deployment);
        }
    }
}
