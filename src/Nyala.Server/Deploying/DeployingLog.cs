namespace Nyala.Server.Deploying;

internal static partial class DeployingLog
{
    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "Deployment {Deployment} at {Site} failed because of a fault in the server.")]
    public static partial void Failed(ILogger logger, Exception error, string site, string deployment);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "The temporary files of deployment {Deployment} at {Site} could not be removed.")]
    public static partial void NotCleared(ILogger logger, Exception error, string site, string deployment);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Warning, Message = "Deployment {Deployment} at {Site} was interrupted when the server went down. It is recorded as failed.")]
    public static partial void CutOff(ILogger logger, string site, string deployment);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Warning, Message = "Old releases of {Site} could not be removed.")]
    public static partial void NotPurged(ILogger logger, Exception error, string site);

    [LoggerMessage(EventId = 3010, Level = LogLevel.Warning, Message = "Files that an earlier server left in {Folder} could not be removed.")]
    public static partial void NotDiscarded(ILogger logger, Exception error, string folder);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Warning, Message = "git reported while it served {Site}: {Text}")]
    public static partial void GitSaid(ILogger logger, string site, string text);

    [LoggerMessage(EventId = 3006, Level = LogLevel.Error, Message = "The check whether {Site} has a push that is stored but not deployed failed.")]
    public static partial void NotLookedAt(ILogger logger, Exception error, string site);

    [LoggerMessage(EventId = 3007, Level = LogLevel.Error, Message = "The end of deployment {Deployment} at {Site} could not be stored. The next start will record it as failed.")]
    public static partial void NotEnded(ILogger logger, Exception error, string site, string deployment);

    [LoggerMessage(EventId = 3008, Level = LogLevel.Error, Message = "Lines of the log of run {Run} could not be stored and are lost.")]
    public static partial void LinesLost(ILogger logger, Exception error, long run);

    [LoggerMessage(EventId = 3009, Level = LogLevel.Warning, Message = "The spare checkout of {Site} could not be made, so the next deployment will write all files: {Reason}")]
    public static partial void NotSpared(ILogger logger, string site, string reason);
}
