using Nyala.Client;
using Nyala.Server.Audit;
using Nyala.Server.Deploying.Git;
using Nyala.Server.Deployments;
using Nyala.Server.Events;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>Records what becomes of an order, by reports of the server's own: it waits, it has begun, it has ended.</summary>
internal sealed class OrderProgress(Recorder recorder, AuditLog audit, IdSource ids, Shutdown shutdown, TimeProvider clock)
{
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(5);

    /// <summary>Records that an order waits for its turn. It has a key.</summary>
    public Task<RunRecord> WaitsAsync(DeployOrder order) =>
        ReportAsync(order, Form(order, DeploymentStatus.Pending) with { Progress = "Waiting for the deployment in progress." });

    /// <summary>Records that an order is being performed, as a new run unless it has waited.</summary>
    public Task<RunRecord> BeginsAsync(DeployOrder order) => ReportAsync(
        order,
        Form(order, DeploymentStatus.Building) with { Key = order.Key ?? $"performed-{ids.Next()}" },
        tables => audit.Note(tables, order.Actor, AuditActions.DeploymentBegun, order.Deployment, order.Site));

    /// <summary>Records that an order which waited has ended as failed without having begun.</summary>
    /// <param name="order">The order.</param>
    /// <param name="reason">Why.</param>
    /// <param name="canceler">Who has cancelled it; null if nobody has.</param>
    public Task<RunRecord> FailsAsync(DeployOrder order, string reason, Actor? canceler = null) =>
        ReportAsync(order, Form(order, DeploymentStatus.Failed) with { StatusText = reason, LastLine = reason }, tables => NoteEnd(tables, order, canceler, failed: true));

    /// <summary>
    /// Records the end of a deployment, however long the store refuses, because what is live must be reported. If the server stops before that, the next start finds the
    /// deployment unfinished, ends it as failed, and takes the link back.
    /// </summary>
    /// <param name="publication">The caller's, for the event of the end.</param>
    /// <param name="order">The order.</param>
    /// <param name="run">The run that it began.</param>
    /// <param name="failure">Why it failed; null if it succeeded.</param>
    /// <param name="canceler">Who has cancelled it; null if nobody has.</param>
    /// <param name="pass">The right to the site, which is notified when the end may be seen.</param>
    /// <param name="lastLine">What the log ends with; null if that is written already.</param>
    public async Task<RunRecord> EndsAsync(
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
                pass.GoesOn();
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
            // The push that was cut off may be delivered again.
            tables.Pushes.Forget(order.Site, order.Deployment);
        }
    }

    /// <summary>The report of an order. Its source may know more about the commit than the order.</summary>
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
