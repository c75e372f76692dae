using Nyala.Client;
using Nyala.Server.Events;
using Nyala.Server.Secrets;
using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>Records reports of deployments. The end of a run and its event are written in one transaction.</summary>
internal sealed class ReportRecorder(
    IStore store, Publisher publisher, DeploymentPayload payload, SiteMasks masks, RunLogs log, LogNotifier notifier, DeploymentOptions options, DeploymentsInstruments instruments, IdSource ids,
    TimeProvider clock)
{
    /// <summary>Records a report, and waits for the first attempts of the event that it raises.</summary>
    /// <param name="site">The site's name as the caller wrote it.</param>
    /// <param name="deployment">The deployment's id.</param>
    /// <param name="report">The report.</param>
    /// <param name="trace">The <c>traceparent</c> of the report; null if it is not traced.</param>
    /// <param name="wait">The maximum time to wait. If zero, the call returns as soon as the report is durable.</param>
    /// <param name="cancellationToken">Cancels the wait, not the report.</param>
    /// <param name="along">Writes more data in the same transaction; null for none.</param>
    public async Task<ReportVerdict> ReportAsync(
        string site, string deployment, ReportForm report, string? trace, TimeSpan wait, CancellationToken cancellationToken, Action<ITables>? along = null)
    {
        using Publication publication = publisher.Begin(wait > TimeSpan.Zero);
        ReportVerdict verdict = await ReportAsync(publication, site, deployment, report, trace, along);
        await publication.AnnounceAsync(wait, cancellationToken);
        return verdict;
    }

    /// <summary>Records a report. The caller announces the event that the report raises, if any. Completes once the report is durable.</summary>
    /// <param name="publication">The caller's publication, for the event that the report raises.</param>
    /// <param name="site">The site's name as the caller wrote it.</param>
    /// <param name="deployment">The deployment's id.</param>
    /// <param name="report">The report.</param>
    /// <param name="trace">The <c>traceparent</c> of the report; null if it is not traced.</param>
    /// <param name="along">Writes more data in the same transaction; null for none.</param>
    public async Task<ReportVerdict> ReportAsync(
        Publication publication, string site, string deployment, ReportForm report, string? trace, Action<ITables>? along = null)
    {
        TextMask mask = await masks.OfAsync(site, CancellationToken.None);
        ReportForm masked = report.With(mask.With(report.Token));
        ReportVerdict verdict = await store.WriteAsync(tables =>
        {
            along?.Invoke(tables);
            return Take(tables, publication, site, deployment, masked, trace);
        });
        instruments.Reported(verdict);
        if (verdict is ReportVerdict.Write write)
        {
            notifier.Notify(write.Run.Id);
        }

        return verdict;
    }

    /// <summary>Ends a silent run as failed. Returns false, and changes nothing, if the run has ended or was heard from in the meantime.</summary>
    public async Task<bool> GiveUpAsync(RunRecord silent, CancellationToken cancellationToken)
    {
        using Publication publication = publisher.Begin(wait: false);
        bool ends = await store.WriteAsync(tables =>
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (tables.Runs.FindByNumber(silent.Site, silent.Deployment, silent.Number) is not { Ended: null } run || run.Heard > silent.Heard)
            {
                return false;
            }

            RunRecord ended = run with
            {
                Status = DeploymentStatus.Failed,
                StatusText = $"Given up: the deployer has sent nothing for {Spell(run.SilentAfter)}.",
                Progress = "",
                Ended = now > run.Started ? now : run.Started,
                GivenUp = true,
            };
            Write(tables, publication, ended, isNew: false, EventTypes.PostDeployment, wasGivenUp: false, trace: null, details: null);
            log.AppendWithDetails(tables, run.Id, new LogLine { Message = ended.StatusText, Type = LogEntryType.Error }, details: null, now);
            return true;
        });
        if (ends)
        {
            instruments.GivenUp();
            notifier.Notify(silent.Id);
        }

        await publication.AnnounceAsync(TimeSpan.Zero, cancellationToken);
        return ends;
    }

    private ReportVerdict Take(ITables tables, Publication publication, string site, string deployment, ReportForm report, string? trace)
    {
        DateTimeOffset now = clock.GetUtcNow();
        string? there = tables.Sites.Find(site)?.Name;
        string known = there ?? site;
        RunRecord? latest = tables.Runs.FindLatest(known, deployment);
        RunRecord? byKey = report.Key is { } key ? tables.Runs.FindByKey(known, deployment, key) : null;
        var blank = new RunRecord { Id = ids.Next(), Site = known, Deployment = deployment, SilentAfter = options.SilentAfter };
        ReportVerdict verdict = ReportRule.Judge(report, byKey, latest, blank, now);
        if (verdict is not ReportVerdict.Write write)
        {
            return verdict;
        }

        tables.Sites.Touch(known, now);
        RunRecord active = write.Run with { Active = IsActive(tables, write.Run, report.Active) };
        bool wasGivenUp = !write.IsNew && (report.Key is null ? latest : byKey) is { GivenUp: true };
        RunRecord run = Write(tables, publication, active, write.IsNew, write.Event, wasGivenUp, trace, report.Details);
        if (EntryOf(report) is { } entry)
        {
            log.AppendWithDetails(tables, run.Id, entry, report.Details, now);
        }

        return write with { Run = run, SiteIsNew = there is null };
    }

    private RunRecord Write(ITables tables, Publication publication, RunRecord run, bool isNew, string? fires, bool wasGivenUp, string? trace, string? details)
    {
        RunRecord written = run with
        {
            LastSuccess = run.Status == DeploymentStatus.Success ? run.Ended : tables.Runs.LastSuccess(run.Site, run.Ended ?? run.Heard),
        };
        if (isNew)
        {
            tables.Runs.Insert(written);
        }
        else
        {
            tables.Runs.Update(written);
        }

        if (fires is not null)
        {
            StatusChange? change = ChangeOf(tables, written, wasGivenUp);
            publication.Accept(tables, new NewEvent(fires, written.Site, payload.Of(written, change, tables.Sites))
            {
                Deployment = written.Deployment,
                Trace = trace,
                Facts = () => new EventFacts(written.Site, written.Status, EventFacts.Filled(written.Branch), EventFacts.Filled(written.Author), change),
                LogTail = written.Ended is null ? null : lines => LogTail.Of(tables, written.Id, details, lines),
            });
        }

        return written;
    }

    /// <summary>
    /// Compares the end of a run with the site's previous deployment; null while it runs. If the run was given up as silent, its late end is compared with that
    /// failure, which was already published.
    /// </summary>
    private static StatusChange? ChangeOf(ITables tables, RunRecord run, bool wasGivenUp) => run.Ended is { } ended
        ? StatusChanges.Of(wasGivenUp ? DeploymentStatus.Failed : tables.Runs.StatusBefore(run.Site, ended, run.Id), run.Status)
        : null;

    /// <summary>
    /// Returns the log entry of a report; null if it has none. An end has Kudu's text. A deployment that this server performs writes its own log.
    /// </summary>
    private static LogLine? EntryOf(ReportForm report) => report switch
    {
        { LastLine: { } reason } => new LogLine { Message = reason, Type = LogEntryType.Error },
        { Performed: true } => null,
        { Status: DeploymentStatus.Success } => new LogLine { Message = "Deployment successful." },
        { Status: DeploymentStatus.Failed } => new LogLine { Message = "Deployment failed.", Type = LogEntryType.Error },
        { Details: not null } => new LogLine { Message = "Details of the deployment." },
        _ => null,
    };

    /// <summary>
    /// Whether a run becomes the active deployment of its site. A success does, unless the report says otherwise or a newer deployment is active.
    /// </summary>
    private static bool IsActive(ITables tables, RunRecord run, bool? asked)
    {
        if (run.Status != DeploymentStatus.Success)
        {
            return false;
        }

        return asked ?? (tables.Runs.Active(run.Site) is not { } active || active.Id == run.Id || active.Ended <= run.Ended);
    }

    private static string Spell(TimeSpan time) => time.TotalHours >= 1 ? $"{time.TotalHours:0.#} h"
        : time.TotalMinutes >= 1 ? $"{time.TotalMinutes:0.#} min"
        : $"{time.TotalSeconds:0} s";
}
