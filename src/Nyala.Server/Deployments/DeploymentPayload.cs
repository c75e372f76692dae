using System.Text.Json;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>Creates the payload of a deployment's events, in Kudu's format.</summary>
internal sealed class DeploymentPayload(NyalaOptions options)
{
    /// <summary>Returns the payload of a run's event. Call it in the transaction that writes the run.</summary>
    public byte[] Of(RunRecord run, ISiteTable sites) => JsonSerializer.SerializeToUtf8Bytes(Describe(run, sites), NyalaJson.Wire.DeploymentEvent);

    private DeploymentEvent Describe(RunRecord run, ISiteTable sites) => new()
    {
        Id = run.Deployment,
        Status = run.Status.ToString().ToLowerInvariant(),
        StatusText = run.StatusText,
        AuthorEmail = run.AuthorEmail,
        Author = run.Author,
        Message = run.Message,
        Progress = run.Progress,
        Deployer = run.Deployer,
        ReceivedTime = run.Received,
        StartTime = run.Started,
        EndTime = run.Ended,
        LastSuccessEndTime = run.LastSuccess,
        Complete = run.Ended is not null,
        SiteName = run.Site,
        HostName = SiteHost.Of(sites, run.Site, options),
        Branch = run.Branch ?? "",
        Run = run.Number,
    };
}
