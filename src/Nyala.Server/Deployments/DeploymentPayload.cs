using System.Text.Json;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Events;
using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>Creates the payload of a deployment's events, in Kudu's format.</summary>
internal sealed class DeploymentPayload(NyalaOptions options)
{
    /// <summary>Returns the payload of a run's event. Call it in the transaction that writes the run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="change">How its result differs from the previous one at the site; null if it does not, or while it runs.</param>
    /// <param name="sites">The sites.</param>
    public byte[] Of(RunRecord run, StatusChange? change, ISiteTable sites) =>
        JsonSerializer.SerializeToUtf8Bytes(Describe(run, change, sites), NyalaJson.Wire.DeploymentEvent);

    private DeploymentEvent Describe(RunRecord run, StatusChange? change, ISiteTable sites) => new()
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
        Change = FilterValues.Word(change),
        Url = SiteHost.ApiUrl(run.Site, options) is { } api ? DeploymentView.Url(run, api) : null,
    };
}
