namespace Nyala.Server.Access;

internal static partial class AccessLog
{
    [LoggerMessage(EventId = 5001, Level = LogLevel.Warning, Message = "The times when tokens were last used could not be written and will be retried: {Reason}")]
    public static partial void LastUseNotWritten(ILogger logger, string reason);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Warning, Message = "{Count} sign-ins from {Address} failed within a minute. Further ones get 429 until the minute has passed.")]
    public static partial void LogInsBlocked(ILogger logger, int count, string address);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Warning, Message = "The check for tokens that expire soon failed and will be retried in an hour: {Reason}")]
    public static partial void ExpiryNotTold(ILogger logger, string reason);
}
