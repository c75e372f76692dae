using Microsoft.AspNetCore.Http.HttpResults;
using Nyala.Client.Json;
using Nyala.Server.Deployments;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>The responses to a request that begins a deployment.</summary>
internal static class DeploymentResponse
{
    /// <summary>
    /// Returns 202 with the URL to poll if the client prefers not to wait. Otherwise waits until the deployment ends and returns 200, or 422 if it failed, so
    /// that the status alone shows the outcome. The deployment continues if the client disconnects.
    /// </summary>
    public static async Task<IResult> OfAsync(HttpContext http, RunningDeployment running, CancellationToken cancellationToken)
    {
        if (http.Request.PrefersAsync())
        {
            return Accepted(http, running.Run);
        }

        RunRecord ended = (await running.Ended.WaitAsync(cancellationToken)).Run;
        bool failed = ended.Status == Client.DeploymentStatus.Failed;
        return TypedResults.Json(
            DeploymentView.Show(ended, http.GetRequestSite().BaseUrl),
            NyalaJson.Wire.Deployment,
            statusCode: failed ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    /// <summary>Returns 202, with the URL to poll in <c>Location</c>.</summary>
    public static JsonHttpResult<Client.Deployment> Accepted(HttpContext http, RunRecord run)
    {
        string baseUrl = http.GetRequestSite().BaseUrl;
        http.Response.Headers.Location =
            $"{baseUrl}/deployments/latest?deployer={Uri.EscapeDataString(run.Deployer)}&time={Uri.EscapeDataString(KuduTime.Format(run.Received))}";
        http.Response.Headers.RetryAfter = "2";
        return TypedResults.Json(DeploymentView.Show(run, baseUrl), NyalaJson.Wire.Deployment, statusCode: StatusCodes.Status202Accepted);
    }

    /// <summary>Returns 409: another deployment is in progress at the site, see <see cref="SiteGate.BusyAt"/>.</summary>
    public static ContentHttpResult Busy(string text) => TypedResults.Text(text, "text/plain", statusCode: StatusCodes.Status409Conflict);
}
