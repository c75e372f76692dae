using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>A deployment in progress on this server.</summary>
/// <param name="Run">The run, as recorded when the deployment began.</param>
/// <param name="Ended">
/// Completes when the end is durable and either the first attempt at each hook has ended or <c>Delivery:PublishWait</c> has passed. It fails only if the server
/// stops before the end could be written.
/// </param>
/// <param name="Cancellation">Cancels the deployment.</param>
internal sealed record RunningDeployment(RunRecord Run, Task<DeploymentResult> Ended, Cancellation Cancellation);

/// <summary>How a deployment ended.</summary>
/// <param name="Run">The run, as recorded at the end.</param>
/// <param name="Event">The id of the event that reports the end.</param>
internal sealed record DeploymentResult(RunRecord Run, long Event);
