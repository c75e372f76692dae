namespace Nyala.Server.History;

/// <summary>What is logged of redeliveries.</summary>
internal static partial class RedeliveryLog
{
    [LoggerMessage(EventId = 1020, Level = LogLevel.Error, Message = "Redeliveries cannot go on now; the next try is in a moment, and nothing is left out.")]
    public static partial void Troubled(ILogger logger, Exception error);
}
