using Microsoft.AspNetCore.Http.HttpResults;
using Nyala.Client.Json;
using Nyala.Server.Deployments;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>How a request is answered that began a deployment.</summary>
internal static class DeploymentAnswer
{
    /// <summary>
    /// Answers at once with 202 and where to look, or at the deployment's end: 200, or 422 where it failed, so that a caller who looks
    /// at the status alone knows. The deployment goes on where the caller goes away.
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
            DeploymentView.Show(ended, http.Scope().BaseUrl),
            NyalaJson.Wire.Deployment,
            statusCode: failed ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    /// <summary>202, and where to look.</summary>
    public static JsonHttpResult<Client.Deployment> Accepted(HttpContext http, RunRecord run)
    {
        string baseUrl = http.Scope().BaseUrl;
        http.Response.Headers.Location =
            $"{baseUrl}/deployments/latest?deployer={Uri.EscapeDataString(run.Deployer)}&time={Uri.EscapeDataString(KuduTime.Format(run.Received))}";
        http.Response.Headers.RetryAfter = "2";
        return TypedResults.Json(DeploymentView.Show(run, baseUrl), NyalaJson.Wire.Deployment, statusCode: StatusCodes.Status202Accepted);
    }

    /// <summary>409: another deployment is performed at the site, see <see cref="SiteGate.BusyAt"/>.</summary>
    public static ContentHttpResult Busy(string text) => TypedResults.Text(text, "text/plain", statusCode: StatusCodes.Status409Conflict);
}
