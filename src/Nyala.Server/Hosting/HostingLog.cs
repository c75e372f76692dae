namespace Nyala.Server.Hosting;

internal static partial class HostingLog
{
    [LoggerMessage(EventId = 9001, Level = LogLevel.Error, Message = "A {Method} request failed ({Trace}).")]
    public static partial void RequestFailed(ILogger logger, Exception error, string method, string trace);
}
