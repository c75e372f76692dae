namespace Nyala.Server.Access;

internal static partial class AccessLog
{
    [LoggerMessage(EventId = 5001, Level = LogLevel.Warning, Message = "When tokens were last used could not be written, and is tried again: {Reason}")]
    public static partial void LastUseNotWritten(ILogger logger, string reason);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Warning, Message = "{Count} log-ins from {Address} failed within a minute; further ones are answered 429 until it is over.")]
    public static partial void LogInsBlocked(ILogger logger, int count, string address);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Warning, Message = "Tokens that expire soon could not be looked at, and are again in an hour: {Reason}")]
    public static partial void ExpiryNotTold(ILogger logger, string reason);
}
