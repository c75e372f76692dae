using System.Net.Http.Headers;
using Nyala.Client.Json;

namespace Nyala.Client;

public sealed partial class NyalaClient
{
    /// <summary>
    /// Sends a zip, whose files the server deploys. It returns once the deployment is begun: <see cref="FollowLogAsync"/> tells how it goes. The
    /// client's time-out is for how long nothing may happen, however long the whole takes.
    /// </summary>
    /// <param name="zip">The zip, from its present position to its end. It is sent as it is read, and stays open.</param>
    /// <param name="what">What is said of it; the server's defaults where null.</param>
    /// <param name="sent">Is told how many bytes were sent so far.</param>
    /// <param name="cancellationToken">Ends the sending; what was sent is dropped.</param>
    /// <returns>The deployment as it begins.</returns>
    public async Task<Deployment> DeployZipAsync(
        Stream zip, ZipDeployment? what = null, IProgress<long>? sent = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(zip);
        using var stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var content = new WatchedContent(zip, count =>
        {
            stalled.CancelAfter(_connection.Patience);
            sent?.Report(count);
        });
        content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_site}api/zipdeploy?{(what ?? new()).Query()}") { Content = content };

        // A refusal that needs no zip is to come before the zip is on its way.
        request.Headers.ExpectContinue = true;
        stalled.CancelAfter(_connection.Patience);
        using HttpResponseMessage response = await SendAsync(_connection.Patient, request, stalled.Token).ConfigureAwait(false);
        return await ReadAsync(response, NyalaJson.Wire.Deployment, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Has the server fetch a git repository and deploy it; returns once the deployment is begun.</summary>
    /// <param name="url">The repository's URL; behind a <c>#</c> a commit or a branch.</param>
    /// <param name="cancellationToken">Ends the call; the deployment may have been begun.</param>
    public async Task<Deployment> DeployFromAsync(string url, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_site}deploy?isAsync=true")
        {
            Content = Json(new FetchRequest { Url = url }, NyalaJson.Wire.FetchRequest),
        };
        using HttpResponseMessage response = await SendAsync(_connection.Usual, request, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, NyalaJson.Wire.Deployment, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deploys again what was deployed under this id, as a new run; returns once it is begun.</summary>
    public Task<Deployment> RedeployAsync(string id, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Put, Path(id) + "?isAsync=true", null, NyalaJson.Wire.Deployment, cancellationToken);

    /// <summary>Deploys the head of the site's branch, or what was deployed last if nothing was ever pushed; returns once it is begun.</summary>
    public Task<Deployment> RedeployAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Put, "deployments?isAsync=true", null, NyalaJson.Wire.Deployment, cancellationToken);

    /// <summary>Cancels a deployment that the server performs, or that waits for its turn; returns once it has ended as failed.</summary>
    /// <exception cref="NyalaException">It has ended already, or is performed elsewhere and only reported here (409).</exception>
    public Task<Deployment> CancelDeploymentAsync(string id, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Post, Path(id) + "/cancel", null, NyalaJson.Wire.Deployment, cancellationToken);

    /// <summary>Deploys again what the site ran before its active deployment; returns once it is begun.</summary>
    public Task<Deployment> RollbackAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Post, "deployments/rollback?isAsync=true", null, NyalaJson.Wire.Deployment, cancellationToken);
}
