namespace Nyala.Server.Deployments;

internal static partial class DeploymentLog
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "Run {Run} of deployment {Deployment} at {Site} has gone silent and is given up as failed.")]
    public static partial void GivenUp(ILogger logger, string site, string deployment, int run);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Error, Message = "Silent deployments could not be looked up; the next look is in a moment.")]
    public static partial void WatchFailed(ILogger logger, Exception error);
}
