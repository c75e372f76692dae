using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>A deployment that this server performs.</summary>
/// <param name="Run">Its run, as it stood when it began.</param>
/// <param name="Ended">
/// Its end, once that is durable and the first attempt at each hook has ended or ten seconds have passed. It fails only where the
/// server stops before the end could be written.
/// </param>
/// <param name="Cancellation">Ends it before its time.</param>
internal sealed record RunningDeployment(RunRecord Run, Task<RunningDeploymentEnd> Ended, Cancellation Cancellation);

/// <summary>How a deployment ended.</summary>
/// <param name="Run">Its run.</param>
/// <param name="Event">The id of the event that tells of it.</param>
internal sealed record RunningDeploymentEnd(RunRecord Run, long Event);
