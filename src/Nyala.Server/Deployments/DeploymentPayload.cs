using System.Text.Json;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Hosting;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>Shapes the bytes of a deployment's events, as Kudu sends them.</summary>
internal sealed class DeploymentPayload(NyalaOptions options)
{
    public byte[] Of(RunRecord run) => JsonSerializer.SerializeToUtf8Bytes(Describe(run), NyalaJson.Wire.DeploymentEvent);

    private DeploymentEvent Describe(RunRecord run) => new()
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
        HostName = options.HostOf(run.Site),
        Branch = run.Branch ?? "",
        Run = run.Number,
    };
}
