using System.Net.Http.Headers;
using Nyala.Client.Json;

namespace Nyala.Client;

public sealed partial class NyalaClient
{
    /// <summary>
    /// Deploys a zip. Returns once the deployment has started; follow it with <see cref="FollowLogAsync"/>. The
    /// client's time-out limits how long nothing may happen, not the whole upload.
    /// </summary>
    /// <param name="zip">The zip, from its present position to its end. It is sent as it is read, and stays open.</param>
    /// <param name="what">What is deployed and by whom; null for the server's defaults.</param>
    /// <param name="sent">Reports how many bytes have been sent.</param>
    /// <param name="cancellationToken">Cancels the upload; nothing is deployed.</param>
    /// <returns>The started deployment.</returns>
    public async Task<Deployment> DeployZipAsync(
        Stream zip, ZipDeployment? what = null, IProgress<long>? sent = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(zip);
        using var stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var content = new ProgressContent(zip, count =>
        {
            stalled.CancelAfter(_connection.Patience);
            sent?.Report(count);
        });
        content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_site}api/zipdeploy?{(what ?? new()).Query()}") { Content = content };

        // A refusal that needs no zip should arrive before the zip is sent.
        request.Headers.ExpectContinue = true;
        stalled.CancelAfter(_connection.Patience);
        using HttpResponseMessage response = await SendAsync(_connection.Patient, request, stalled.Token).ConfigureAwait(false);
        return await ReadAsync(response, NyalaJson.Wire.Deployment, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets the server fetch a git repository and deploy it. Returns once the deployment has started.</summary>
    /// <param name="url">The URL of the repository, with a commit or a branch after a <c>#</c>.</param>
    /// <param name="cancellationToken">Cancels the call; the deployment may have started.</param>
    public async Task<Deployment> DeployFromAsync(string url, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_site}deploy?isAsync=true")
        {
            Content = Json(new FetchRequest { Url = url }, NyalaJson.Wire.FetchRequest),
        };
        using HttpResponseMessage response = await SendAsync(_connection.Usual, request, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, NyalaJson.Wire.Deployment, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Redeploys what was deployed under this id, as a new run. Returns once it has started.</summary>
    public Task<Deployment> RedeployAsync(string id, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Put, Path(id) + "?isAsync=true", null, NyalaJson.Wire.Deployment, cancellationToken);

    /// <summary>Deploys the head of the site's branch, or its newest deployment again if nothing was ever pushed. Returns once it has started.</summary>
    public Task<Deployment> RedeployAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Put, "deployments?isAsync=true", null, NyalaJson.Wire.Deployment, cancellationToken);

    /// <summary>Cancels a deployment in progress, or one that waits. Returns once it has ended as failed.</summary>
    /// <exception cref="NyalaException">It has already ended, or it is only reported here (409).</exception>
    public Task<Deployment> CancelDeploymentAsync(string id, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Post, Path(id) + "/cancel", null, NyalaJson.Wire.Deployment, cancellationToken);

    /// <summary>Rolls back to what the site ran before its active deployment. Returns once the deployment has started.</summary>
    public Task<Deployment> RollbackAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Post, "deployments/rollback?isAsync=true", null, NyalaJson.Wire.Deployment, cancellationToken);
}
