namespace Nyala.Server.Deployments;

internal static partial class DeploymentLog
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "Run {Run} of deployment {Deployment} at {Site} has gone silent and is recorded as failed.")]
    public static partial void GivenUp(ILogger logger, string site, string deployment, int run);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Error, Message = "The check for silent deployments failed and will be retried in a few seconds.")]
    public static partial void WatchFailed(ILogger logger, Exception error);
}
