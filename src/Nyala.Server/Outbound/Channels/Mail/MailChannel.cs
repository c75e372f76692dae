using System.Globalization;
using System.Net.Sockets;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Nyala.Server.Outbound.Channels.Mail;

/// <summary>Sends attempts as mail, through the SMTP server of the options. Several deliveries that wait together become one mail.</summary>
internal sealed class MailChannel(MailOptions options, TimeProvider clock) : IChannel
{
    public async ValueTask<SendResult?> SendAsync(Attempt attempt, CancellationToken hardStop)
    {
        if (attempt.Target.IsWithdrawn)
        {
            return null;
        }

        DateTimeOffset started = clock.GetUtcNow();
        long timestamp = clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(options.Timeout, clock);
        using CancellationTokenRegistration stop = hardStop.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), timeout);
        using MimeMessage mail = Compose(attempt, started);
        string headers = HeadersOf(mail);
        try
        {
            string said = await SendAsync(mail, timeout.Token);
            return SendResult.Answered(started, TimingsSince(timestamp), new MailAnswer((int)SmtpStatusCode.Ok, said)) with { RequestHeaders = headers };
        }
        catch (OperationCanceledException) when (hardStop.IsCancellationRequested)
        {
            throw;
        }
        catch (SmtpCommandException error) when (error.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted)
        {
            return SendResult.Answered(started, TimingsSince(timestamp), new MailAnswer((int)error.StatusCode, error.Message)) with { RequestHeaders = headers };
        }
        catch (Exception error)
        {
            (OutcomeKind kind, string reason) = Explain(error);
            return SendResult.Failed(kind, started, TimingsSince(timestamp), reason) with { RequestHeaders = headers };
        }
    }

    public RequestPreview Preview(Attempt attempt)
    {
        using MimeMessage mail = Compose(attempt, clock.GetUtcNow());
        return new RequestPreview("MAIL", "mailto:" + ((MailTarget)attempt.Target).Address, HeadersOf(mail)) { Body = mail.TextBody };
    }

    private MimeMessage Compose(Attempt attempt, DateTimeOffset now) => MailComposer.Compose(
        [MailContent.Read(attempt.Content.Body.Span), .. attempt.More.Select(other => MailContent.Read(other.Content.Body.Span))],
        MailComposer.IdOf(attempt),
        options.Sender,
        ((MailTarget)attempt.Target).Address,
        now);

    private async Task<string> SendAsync(MimeMessage mail, CancellationToken cancellationToken)
    {
        // A revocation list would be fetched from an address that nobody vetted. Webhooks do not check it either.
        using var client = new SmtpClient { CheckCertificateRevocation = false };
        await client.ConnectAsync(options.Host, options.Port, SecurityOf(options.Tls), cancellationToken);
        if (options.User.Length > 0)
        {
            await client.AuthenticateAsync(options.User, options.Secret.Read(), cancellationToken);
        }

        string said = await client.SendAsync(mail, cancellationToken);
        await LeaveAsync(client, cancellationToken);
        return said;
    }

    /// <summary>Says goodbye. The mail has been accepted, so nothing that goes wrong now changes the result.</summary>
    private static async Task LeaveAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception error) when (error is IOException or ProtocolException or CommandException or OperationCanceledException)
        {
            // The server, or the time limit, was faster.
        }
    }

    private static SecureSocketOptions SecurityOf(string tls) => tls switch
    {
        "tls" => SecureSocketOptions.SslOnConnect,
        "none" => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };

    /// <summary>Returns why there is no answer to the mail. What only the operator can change is this server's fault, so no delivery is lost while it lasts.</summary>
    private (OutcomeKind Kind, string Reason) Explain(Exception error)
    {
        string server = string.Create(CultureInfo.InvariantCulture, $"the SMTP server {options.Host}:{options.Port}");
        return error switch
        {
            OperationCanceledException => (OutcomeKind.Unanswered, string.Create(CultureInfo.InvariantCulture, $"No answer from {server} within {options.Timeout.TotalSeconds:0.#} s.")),
            AuthenticationException => (OutcomeKind.OurFault, $"The sign-in at {server} was refused: {Said(error)} Check Channels:Mail:User and Channels:Mail:Password."),
            SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted } refused => (OutcomeKind.OurFault, $"The sender was refused by {server}: {(int)refused.StatusCode} {Said(error)} Check Channels:Mail."),
            ServiceNotAuthenticatedException => (OutcomeKind.OurFault, $"More is required by {server}: {Said(error)} Check Channels:Mail:User and Channels:Mail:Tls."),
            SmtpCommandException other => (OutcomeKind.Unanswered, $"An unexpected answer from {server}: {(int)other.StatusCode} {Said(error)}"),
            SslHandshakeException => (OutcomeKind.Unanswered, $"No TLS connection to {server}: {Said(error.InnerException ?? error)} Check Channels:Mail:Tls and the certificate of the server."),
            NotSupportedException => (OutcomeKind.OurFault, $"Not possible with {server}: {Said(error)} Check Channels:Mail:Tls and Channels:Mail:User."),
            SocketException => (OutcomeKind.Unanswered, $"No connection to {server}: {Said(error)}"),
            AccountSecretException => (OutcomeKind.OurFault, error.Message),
            IOException or ProtocolException => (OutcomeKind.Unanswered, $"The connection to {server} was lost: {Said(error)}"),
            _ => (OutcomeKind.OurFault, $"The mail could not be sent: {error.GetType().Name}."),
        };
    }

    private static string Said(Exception error)
    {
        const int MaxSaid = 300;
        string text = Messages.MessageText.Line(error.Message, MaxSaid);
        return text.EndsWith('.') ? text : text + ".";
    }

    private static string HeadersOf(MimeMessage mail)
    {
        var text = new StringBuilder();
        text.Append("From: ").Append(mail.Headers[HeaderId.From]).Append('\n').Append("To: ").Append(mail.Headers[HeaderId.To]).Append('\n');
        text.Append("Subject: ").Append(mail.Subject).Append('\n').Append("Message-ID: <").Append(mail.MessageId).Append(">\n");
        return text.Append("References: <").Append(mail.References[0]).Append(">\n").ToString();
    }

    private Timings TimingsSince(long started) => new(Opening: null, FirstByte: null, clock.GetElapsedTime(started));
}
