using Nyala.Client;
using Nyala.Server.Audit;
using Nyala.Server.Deploying.Git;
using Nyala.Server.Deployments;
using Nyala.Server.Events;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>Records the progress of an order as reports that the server makes itself: waiting, begun, ended.</summary>
internal sealed class OrderProgress(ReportRecorder recorder, AuditLog audit, IdSource ids, Shutdown shutdown, TimeProvider clock)
{
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(5);

    /// <summary>Records that an order waits for its turn. The order must have a key.</summary>
    public Task<RunRecord> RecordQueuedAsync(DeployOrder order) =>
        ReportAsync(order, Form(order, DeploymentStatus.Pending) with { Progress = "Waiting for the deployment in progress." });

    /// <summary>Records that a deployment has begun: as the waiting run if the order has that run's key, otherwise as a new run.</summary>
    public Task<RunRecord> RecordStartAsync(DeployOrder order) => ReportAsync(
        order,
        Form(order, DeploymentStatus.Building) with { Key = order.Key ?? $"performed-{ids.Next()}" },
        tables => audit.Note(tables, order.Actor, AuditActions.DeploymentBegun, order.Deployment, order.Site));

    /// <summary>Records that a waiting order has ended as failed without having begun.</summary>
    /// <param name="order">The order.</param>
    /// <param name="reason">The reason for the failure.</param>
    /// <param name="canceler">Who canceled the deployment; null if nobody did.</param>
    public Task<RunRecord> RecordFailureAsync(DeployOrder order, string reason, Actor? canceler = null) =>
        ReportAsync(order, Form(order, DeploymentStatus.Failed) with { StatusText = reason, LastLine = reason }, tables => NoteEnd(tables, order, canceler, failed: true));

    /// <summary>
    /// Records the end of a deployment. It retries until the store accepts the end, because what is live must be reported. If the server stops first, the next
    /// start finds the deployment unfinished, ends it as failed, and restores the link to the release before it.
    /// </summary>
    /// <param name="publication">The publication of the end's event. The caller owns it.</param>
    /// <param name="order">The order.</param>
    /// <param name="run">The run that the order began.</param>
    /// <param name="failure">Why the deployment failed; null if it succeeded.</param>
    /// <param name="canceler">Who canceled the deployment; null if nobody did.</param>
    /// <param name="pass">The site's pass, which is marked as ending while the end is being recorded.</param>
    /// <param name="lastLine">The last line of the log; null if it is already written.</param>
    public async Task<RunRecord> RecordEndAsync(
        Publication publication, DeployOrder order, RunRecord run, string? failure, Actor? canceler, SiteGate.Pass pass, string? lastLine = null)
    {
        ReportForm form = Form(order, failure is null ? DeploymentStatus.Success : DeploymentStatus.Failed) with
        {
            Key = run.Key,
            StatusText = failure ?? "",
            LastLine = lastLine,
            Active = failure is null ? true : null,
        };
        while (true)
        {
            try
            {
                pass.Ends();
                ReportVerdict verdict = await recorder.ReportAsync(
                    publication, order.Site, order.Deployment, form, order.Trace, tables => NoteEnd(tables, order, canceler, failed: failure is not null));
                return ((ReportVerdict.Write)verdict).Run;
            }
            catch (StoreUnavailableException) when (!shutdown.Stopping.IsCancellationRequested)
            {
                pass.ResumeAsRunning();
                await Task.Delay(StoreRetry, clock, shutdown.Stopping).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    private async Task<RunRecord> ReportAsync(DeployOrder order, ReportForm form, Action<ITables>? along = null)
    {
        ReportVerdict verdict = await recorder.ReportAsync(order.Site, order.Deployment, form, order.Trace, TimeSpan.Zero, CancellationToken.None, along);
        return ((ReportVerdict.Write)verdict).Run;
    }

    private void NoteEnd(ITables tables, DeployOrder order, Actor? canceler, bool failed)
    {
        if (canceler is not null)
        {
            audit.Note(tables, canceler, AuditActions.DeploymentCanceled, order.Deployment, order.Site);
        }
        else if (failed && shutdown.Stopping.IsCancellationRequested)
        {
            // The stop cut the deployment off. If a push webhook caused it, the same webhook may be accepted again.
            tables.PushWebhooks.Forget(order.Site, order.Deployment);
        }
    }

    /// <summary>Builds the report of an order. The source may know more about the commit than the order does.</summary>
    private static ReportForm Form(DeployOrder order, DeploymentStatus status)
    {
        Commit? found = order.Source.Found;
        return new ReportForm
        {
            Status = status,
            Performed = true,
            Key = order.Key,
            Progress = "",
            Message = found?.Message is { Length: > 0 } message ? message : order.Message,
            Author = found?.Author is { Length: > 0 } author ? author : order.Author,
            AuthorEmail = found?.AuthorEmail ?? order.AuthorEmail,
            Deployer = order.Deployer,
            Branch = order.Branch,
        };
    }
}
