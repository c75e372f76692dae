using System.Net.Http.Headers;
using Nyala.Client.Json;

namespace Nyala.Client;

public sealed partial class NyalaClient
{
    /// <summary>
    /// Deploys a zip file. Returns once the deployment has started; follow it with <see cref="FollowLogAsync"/>. The client's time-out limits the time without
    /// progress, not the whole upload.
    /// </summary>
    /// <param name="zip">The zip file, from the current position of the stream to its end. It is sent as it is read. The stream stays open.</param>
    /// <param name="what">Facts about the deployment; null for the server's defaults.</param>
    /// <param name="sent">Receives the number of bytes that have been sent.</param>
    /// <param name="cancellationToken">Cancels the upload; nothing is deployed.</param>
    /// <returns>The started deployment.</returns>
    public async Task<Deployment> DeployZipAsync(
        Stream zip, ZipDeployment? what = null, IProgress<long>? sent = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(zip);
        using var stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var content = new ProgressContent(zip, count =>
        {
            stalled.CancelAfter(_connection.Timeout);
            sent?.Report(count);
        });
        content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_site}api/zipdeploy?{(what ?? new()).Query()}") { Content = content };

        // If the server refuses the request itself, the error arrives before the zip file is sent.
        request.Headers.ExpectContinue = true;
        stalled.CancelAfter(_connection.Timeout);
        using HttpResponseMessage response = await SendAsync(_connection.Untimed, request, stalled.Token).ConfigureAwait(false);
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
        using HttpResponseMessage response = await SendAsync(_connection.Timed, request, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, NyalaJson.Wire.Deployment, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deploys the content of an earlier deployment again, as a new run. Returns once it has started.</summary>
    public Task<Deployment> RedeployAsync(string id, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Put, Path(id) + "?isAsync=true", null, NyalaJson.Wire.Deployment, cancellationToken);

    /// <summary>Deploys the head of the site's branch, or the newest deployment again if nothing was ever pushed. Returns once it has started.</summary>
    public Task<Deployment> RedeployAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Put, "deployments?isAsync=true", null, NyalaJson.Wire.Deployment, cancellationToken);

    /// <summary>Cancels a deployment in progress, or one that waits. Returns once it has ended as failed.</summary>
    /// <exception cref="NyalaException">The deployment has already ended, or is only reported to this server (409).</exception>
    public Task<Deployment> CancelDeploymentAsync(string id, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Post, Path(id) + "/cancel", null, NyalaJson.Wire.Deployment, cancellationToken);

    /// <summary>Rolls the site back to the release before the active one. Returns once the deployment has started.</summary>
    public Task<Deployment> RollbackAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Post, "deployments/rollback?isAsync=true", null, NyalaJson.Wire.Deployment, cancellationToken);
}
