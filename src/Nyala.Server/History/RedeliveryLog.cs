namespace Nyala.Server.History;

/// <summary>Log messages of redeliveries.</summary>
internal static partial class RedeliveryLog
{
    [LoggerMessage(EventId = 1020, Level = LogLevel.Error, Message = "A bulk redelivery is interrupted and will be retried in a few seconds.")]
    public static partial void Troubled(ILogger logger, Exception error);
}
