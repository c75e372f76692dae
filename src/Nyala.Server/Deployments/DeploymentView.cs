using Nyala.Client;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>Converts deployments and their logs to the format of the API.</summary>
internal static class DeploymentView
{
    /// <summary>Shows a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="baseUrl">The base URL of the API.</param>
    /// <param name="byNumber">Whether the links name the run's number. If not, they lead to the deployment's newest run.</param>
    public static Deployment Show(RunRecord run, string baseUrl, bool byNumber = false) => new()
    {
        Id = run.Deployment,
        Status = run.Status,
        StatusText = run.StatusText,
        AuthorEmail = run.AuthorEmail,
        Author = run.Author,
        Deployer = run.Deployer,
        Message = run.Message,
        Progress = run.Progress,
        ReceivedTime = run.Received,
        StartTime = run.Started,
        EndTime = run.Ended,
        LastSuccessEndTime = run.LastSuccess,
        Complete = run.Ended is not null,
        Active = run.Active,
        Url = Url(run, baseUrl) + Query(run, byNumber),
        LogUrl = Url(run, baseUrl) + "/log" + Query(run, byNumber),
        SiteName = run.Site,
        ProvisioningState = run.Status switch
        {
            DeploymentStatus.Success => "Succeeded",
            DeploymentStatus.Failed => "Failed",
            _ => "InProgress",
        },
        Run = run.Number,
        Branch = run.Branch,
    };

    public static LogEntry Show(LogRecord entry, RunRecord run, string baseUrl, bool byNumber = false)
    {
        string id = entry.Seq.ToString(null as IFormatProvider);
        return new LogEntry
        {
            LogTime = entry.Time,
            Id = id,
            Message = entry.Message,
            Type = entry.Type,
            DetailsUrl = entry.HasDetails ? $"{Url(run, baseUrl)}/log/{id}{Query(run, byNumber)}" : null,
        };
    }

    public static string Url(RunRecord run, string baseUrl) => $"{baseUrl}/deployments/{run.Deployment}";

    private static string Query(RunRecord run, bool byNumber) => byNumber ? $"?run={run.Number}" : "";
}
