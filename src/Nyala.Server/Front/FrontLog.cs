namespace Nyala.Server.Front;

internal static partial class FrontLog
{
    [LoggerMessage(EventId = 6001, Level = LogLevel.Information, Message = "The certificate was renewed: {Subject}, valid until {Until:u}.")]
    public static partial void CertificateRenewed(ILogger logger, string subject, DateTimeOffset until);

    [LoggerMessage(EventId = 6002, Level = LogLevel.Warning, Message = "The new certificate cannot be used, so the old one stays in use: {Problem}")]
    public static partial void CertificateKept(ILogger logger, string problem);
}
