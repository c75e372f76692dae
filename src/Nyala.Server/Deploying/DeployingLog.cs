namespace Nyala.Server.Deploying;

internal static partial class DeployingLog
{
    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "Deployment {Deployment} at {Site} failed by a fault of the server.")]
    public static partial void Failed(ILogger logger, Exception error, string site, string deployment);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "What deployment {Deployment} at {Site} left behind could not be removed.")]
    public static partial void NotCleared(ILogger logger, Exception error, string site, string deployment);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Warning, Message = "Deployment {Deployment} at {Site} was cut off when the server went down; it is ended as failed.")]
    public static partial void CutOff(ILogger logger, string site, string deployment);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Warning, Message = "Old releases of {Site} could not be removed.")]
    public static partial void NotPurged(ILogger logger, Exception error, string site);

    [LoggerMessage(EventId = 3010, Level = LogLevel.Warning, Message = "What an earlier server was making in {Folder} could not be removed.")]
    public static partial void NotDiscarded(ILogger logger, Exception error, string folder);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Warning, Message = "git said while it served {Site}: {Text}")]
    public static partial void GitSaid(ILogger logger, string site, string text);

    [LoggerMessage(EventId = 3006, Level = LogLevel.Error, Message = "Whether {Site} has a push that was stored and not deployed could not be looked up.")]
    public static partial void NotLookedAt(ILogger logger, Exception error, string site);

    [LoggerMessage(EventId = 3007, Level = LogLevel.Error, Message = "The end of deployment {Deployment} at {Site} could not be stored; the next start ends it as failed.")]
    public static partial void NotEnded(ILogger logger, Exception error, string site, string deployment);

    [LoggerMessage(EventId = 3008, Level = LogLevel.Error, Message = "Lines of the log of run {Run} could not be stored and are lost.")]
    public static partial void LinesLost(ILogger logger, Exception error, long run);

    [LoggerMessage(EventId = 3009, Level = LogLevel.Warning, Message = "The spare checkout of {Site} could not be made, so that the next deployment writes all files: {Reason}")]
    public static partial void NotSpared(ILogger logger, string site, string reason);
}
