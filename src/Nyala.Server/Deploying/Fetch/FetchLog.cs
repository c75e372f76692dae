namespace Nyala.Server.Deploying.Fetch;

internal static partial class FetchLog
{
    [LoggerMessage(EventId = 3021, Level = LogLevel.Warning, Message = "Deployment {Deployment} at {Site} was waiting and could not be started.")]
    public static partial void NotBegun(ILogger logger, Exception error, string site, string deployment);

    [LoggerMessage(EventId = 3022, Level = LogLevel.Warning, Message = "The end of deployment {Deployment} at {Site}, which was waiting, could not be stored. The next start will store it.")]
    public static partial void NotEnded(ILogger logger, Exception error, string site, string deployment);
}
