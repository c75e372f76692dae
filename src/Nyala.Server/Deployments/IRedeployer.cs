namespace Nyala.Server.Deployments;

/// <summary>The operation of Deploying that Deployments uses.</summary>
internal interface IRedeployer
{
    /// <summary>Deploys the commit, zip or release of a deployment again, or a commit that was pushed but never deployed, and returns the response.</summary>
    /// <param name="http">The request.</param>
    /// <param name="id">The deployment's id.</param>
    /// <param name="cancellationToken">Cancels the wait for the deployment's end, not the deployment.</param>
    Task<IResult> RedeployAsync(HttpContext http, string id, CancellationToken cancellationToken);
}
