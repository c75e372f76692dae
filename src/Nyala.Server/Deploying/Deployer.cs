using Nyala.Client;
using Nyala.Server.Audit;
using Nyala.Server.Deployments;
using Nyala.Server.Events;
using Nyala.Server.Hosting;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>
/// Performs deployments: lays the files out, runs the command, lets the site run the release, and has the end recorded, which
/// fires the hooks. The caller has the right to the site, see <see cref="SiteGate"/>, and gives it away.
/// </summary>
internal sealed class Deployer(
    IStore store, Recorder recorder, Publisher publisher, ReleaseMaker maker, Purger purger, SiteFolders folders, LogBook log, LogFeed feed, AuditLog audit, IdSource ids, NyalaOptions options,
    DeployingInstruments instruments, Performances performances, Shutdown shutdown, TimeProvider clock, ILogger<Deployer> logger)
{
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(5);

    /// <summary>Begins a deployment. It completes once its beginning is durable; the deployment goes on by itself.</summary>
    /// <exception cref="StoreUnavailableException">Nothing has begun.</exception>
    public async Task<Performance> BeginAsync(DeployOrder order, SiteGate.Pass pass)
    {
        try
        {
            var form = new ReportForm
            {
                Status = DeploymentStatus.Building,
                Performed = true,
                Key = order.Key ?? $"performed-{ids.Next()}",
                Progress = "",
                Message = order.Message,
                Author = order.Author,
                AuthorEmail = order.AuthorEmail,
                Deployer = order.Deployer,
                Branch = order.Branch,
            };
            RunRecord run = await TellAsync(order, form);
            var cancellation = new Cancellation(shutdown.Stopping);
            var performance = new Performance(
                run, shutdown.Track(Task.Run(() => PerformAsync(order, form, run, cancellation, pass), CancellationToken.None)), cancellation);
            performances.Add(performance);
            return performance;
        }
        catch
        {
            pass.Dispose();
            throw;
        }
    }

    private async Task<PerformanceEnd> PerformAsync(DeployOrder order, ReportForm begun, RunRecord run, Cancellation cancellation, SiteGate.Pass pass)
    {
        using (pass)
        {
            SiteFolder folder = folders.Of(run.Site);
            var releases = new Releases(folder);
            var output = new RunOutput(run.Id, store, log, feed, clock);
            long begin = clock.GetTimestamp();
            string? failure = await MakeAsync(order, run, output, folder, releases, cancellation);
            instruments.Ended(order.Source.Kind, clock.GetElapsedTime(begin), failure is null);
            await output.WriteAsync(failure ?? "Deployment successful.", failure is null ? LogEntryType.Message : LogEntryType.Error);
            await output.CompleteAsync();

            ReportForm end = Told(begun, order.Source.Found) with
            {
                Status = failure is null ? DeploymentStatus.Success : DeploymentStatus.Failed,
                StatusText = failure ?? "",
                Active = failure is null ? true : null,
            };
            using Publication publication = publisher.Begin(wait: true);
            RunRecord ended = await EndAsync(publication, order, end, cancellation.By);

            Task announcing = publication.AnnounceAsync(options.Delivery.PublishWait, shutdown.Stopping);
            await purger.BeginAsync(run.Site);

            // From here on the next deployment may begin: slow receivers hold up nobody who deploys.
            pass.Dispose();
            try
            {
                await announcing;
            }
            catch (OperationCanceledException)
            {
                // The event is durable; the next start sends it.
            }

            return new PerformanceEnd(ended, publication.EventId);
        }
    }

    /// <summary>What is told of a deployment whose source found out more about the commit than the order knew.</summary>
    private static ReportForm Told(ReportForm begun, Commit? found) => found is null
        ? begun
        : begun with
        {
            Author = found.Author.Length > 0 ? found.Author : begun.Author,
            AuthorEmail = found.AuthorEmail,
            Message = found.Message.Length > 0 ? found.Message : begun.Message,
        };

    /// <summary>Makes the release and lets the site run it.</summary>
    /// <returns>Null where that succeeded, else why not.</returns>
    private async Task<string?> MakeAsync(DeployOrder order, RunRecord run, RunOutput output, SiteFolder folder, Releases releases, Cancellation cancellation)
    {
        string? failure;
        try
        {
            failure = await maker.MakeAsync(order.Source, run, output, cancellation.Token);
            if (failure is null)
            {
                cancellation.Close();
                releases.Switch(SiteFolder.ReleaseName(run));
                Clear(run, folder.Source(run));
                return null;
            }
        }
        catch (OperationCanceledException)
        {
            failure = cancellation.Reason;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or GitMissingException)
        {
            failure = error.Message;
        }
#pragma warning disable CA1031 // A deployment ends, whatever becomes of it: one that runs for ever would shut its site.
        catch (Exception error)
#pragma warning restore CA1031
        {
            DeployingLog.Failed(logger, error, run.Site, run.Deployment);
            failure = "The server failed; its log has more.";
        }

        Clear(run, folder.Release(run));
        Clear(run, folder.Source(run));
        return failure;
    }

    /// <summary>Removes a folder, if it is there. One that cannot be removed fails no deployment.</summary>
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

    /// <summary>
    /// Records the end, however long the store refuses: what has been deployed is told. Where the server stops before, the next start finds the
    /// deployment unfinished, ends it as failed, and takes the link back.
    /// </summary>
    private async Task<RunRecord> EndAsync(Publication publication, DeployOrder order, ReportForm end, Actor? canceler)
    {
        while (true)
        {
            try
            {
                ReportVerdict verdict = await recorder.ReportAsync(publication, order.Site, order.Deployment, end, order.Trace, tables =>
                {
                    if (canceler is not null)
                    {
                        audit.Note(tables, canceler, AuditActions.DeploymentCanceled, order.Deployment, order.Site);
                    }
                });
                return ((ReportVerdict.Write)verdict).Run;
            }
            catch (StoreUnavailableException) when (!shutdown.Stopping.IsCancellationRequested)
            {
                await Task.Delay(StoreRetry, clock, shutdown.Stopping).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    private async Task<RunRecord> TellAsync(DeployOrder order, ReportForm form)
    {
        using Publication publication = publisher.Begin(wait: false);
        ReportVerdict verdict = await recorder.ReportAsync(
            publication, order.Site, order.Deployment, form, order.Trace, tables => audit.Note(tables, order.Actor, AuditActions.DeploymentBegun, order.Deployment, order.Site));
        await publication.AnnounceAsync(TimeSpan.Zero, CancellationToken.None);
        return ((ReportVerdict.Write)verdict).Run;
    }
}
