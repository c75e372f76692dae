namespace Nyala.Server.Deployments;

/// <summary>What Deployments needs from Deploying.</summary>
internal interface IRedeployer
{
    /// <summary>Deploys again what a deployment had deployed, and answers the request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="id">The deployment.</param>
    /// <param name="cancellationToken">Ends the wait for the end, not the deployment.</param>
    Task<IResult> RedeployAsync(HttpContext http, string id, CancellationToken cancellationToken);
}
