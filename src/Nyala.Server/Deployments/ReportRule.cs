using Nyala.Client;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>Decides what a report does to a deployment. Pure.</summary>
internal static class ReportRule
{
    /// <param name="report">The report.</param>
    /// <param name="byKey">The run with the report's key; null if the report has no key, or no run has it.</param>
    /// <param name="latest">The deployment's newest run; null if the deployment is new.</param>
    /// <param name="blank">A new run with only its identity, used if the report begins a run.</param>
    /// <param name="now">The time of the report.</param>
    public static ReportVerdict Judge(ReportForm report, RunRecord? byKey, RunRecord? latest, RunRecord blank, DateTimeOffset now)
    {
        if (report.Active == true && report.Status != DeploymentStatus.Success)
        {
            return new ReportVerdict.FailedActive();
        }

        RunRecord? run = report.Key is null ? latest : byKey;
        if (run is null)
        {
            return Begin(report, blank with { Number = (latest?.Number ?? 0) + 1, Key = report.Key, Performed = report.Performed }, now);
        }

        if (run.Performed != report.Performed)
        {
            return new ReportVerdict.Exists();
        }

        // A run that was given up as silent can still be ended by a report, once.
        bool open = run.Ended is null || (run.GivenUp && report.Ends);
        if (!open)
        {
            return report.Key is null ? new ReportVerdict.Exists() : new ReportVerdict.Repeat(run);
        }

        return Finish(Apply(report, run, now) with { Started = report.Started ?? run.Started }, report, isNew: false);
    }

    private static ReportVerdict Begin(ReportForm report, RunRecord blank, DateTimeOffset now)
    {
        string[] missing =
        [
            .. Missing("message", report.Message),
            .. Missing("deployer", report.Deployer),
            .. Missing("author", report.Author),
        ];
        if (missing.Length > 0)
        {
            return new ReportVerdict.Missing(missing);
        }

        RunRecord run = Apply(report, blank, now) with
        {
            Received = now,
            Started = report.Started ?? (report.Ended < now ? report.Ended.Value : now),
        };
        return Finish(run, report, isNew: true);

        static IEnumerable<string> Missing(string field, string? value) => value is null ? [field] : [];
    }

    private static RunRecord Apply(ReportForm report, RunRecord run, DateTimeOffset now) => run with
    {
        Status = report.Status,
        StatusText = report.StatusText ?? (report.Ends ? "" : run.StatusText),
        Message = report.Message ?? run.Message,
        Deployer = report.Deployer ?? run.Deployer,
        Author = report.Author ?? run.Author,
        AuthorEmail = report.AuthorEmail ?? run.AuthorEmail,
        Branch = report.Branch ?? run.Branch,
        Progress = report.Ends ? "" : report.Progress ?? run.Progress,
        Ended = report.Ends ? report.Ended ?? now : null,
        Heard = now,
        SilentAfter = report.SilentAfter ?? run.SilentAfter,
        GivenUp = false,
    };

    private static ReportVerdict Finish(RunRecord run, ReportForm report, bool isNew)
    {
        if (run.Ended < run.Started)
        {
            // If the server's clock was set back between the two reports, the end is kept, and moved to the start.
            if (report.Ended is not null)
            {
                return new ReportVerdict.EndsBeforeStart();
            }

            run = run with { Ended = run.Started };
        }

        string? fires = report.Ends ? EventTypes.PostDeployment : isNew ? EventTypes.DeploymentStarted : null;
        return new ReportVerdict.Write(run, isNew, fires);
    }
}
