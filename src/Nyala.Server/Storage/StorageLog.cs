namespace Nyala.Server.Storage;

internal static partial class StorageLog
{
    [LoggerMessage(EventId = 8001, EventName = "StoreTroubled", Level = LogLevel.Error, Message = "The store cannot be written ({Trouble}): {Reason} Nothing is accepted until it recovers.")]
    public static partial void Troubled(ILogger logger, StoreFault trouble, string reason);

    [LoggerMessage(EventId = 8002, EventName = "StoreRecovered", Level = LogLevel.Information, Message = "The store has recovered.")]
    public static partial void Recovered(ILogger logger);
}
