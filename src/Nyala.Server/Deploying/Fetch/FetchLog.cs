namespace Nyala.Server.Deploying.Fetch;

internal static partial class FetchLog
{
    [LoggerMessage(EventId = 3021, Level = LogLevel.Warning, Message = "Deployment {Deployment} at {Site} waited for its turn and could not be begun.")]
    public static partial void NotBegun(ILogger logger, Exception error, string site, string deployment);

    [LoggerMessage(EventId = 3022, Level = LogLevel.Warning, Message = "Deployment {Deployment} at {Site} is over before its turn came, which could not be stored; the next start does so.")]
    public static partial void NotEnded(ILogger logger, Exception error, string site, string deployment);
}
