using Nyala.Server.Outbound.Channels;
using Nyala.Server.Outbound.Channels.Mail;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Formats;

/// <summary>Messages as mail, for <c>mailto:</c> hooks. An answer of the SMTP server with 4yz is retried, and one with 5yz refuses the mail for ever (RFC 5321, 4.2.1).</summary>
internal sealed class MailFormat : IFormat
{
    private const int MaxSubject = 150;
    private const int MaxLog = 4000;

    public FormatFacts Facts { get; } = new("mail", "Mail")
    {
        Scheme = Uri.UriSchemeMailto,
        Account = AccountKind.Mail,
        LogLines = FormatFacts.MessageLogLines,
        Rate = 1,
        Limits = "subject 150 characters, log 4,000; up to 100 messages in one mail",
        Accepts = "the SMTP server's 2yz",
        Refuses = "5yz for the recipient or the mail, except 5.7 (policy)",
        Ends = "never",
    };

    public Rendered Render(EventContent @event, FormatSettings settings)
    {
        Message message = MessageReader.Read(@event);
        string subject = MessageText.Cut(message.Subject.Length > 0 ? $"{message.Title}: {message.Subject}" : message.Title, MaxSubject);
        string rest = MessageLines.Plain(message, MaxLog);
        string text = $"{message.Title}\n{(rest.Length > 0 ? $"\n{rest}\n" : "")}{(message.Url is { } url ? $"\n{url}\n" : "")}";
        return new Rendered(new MailContent(message.Site, subject, message.Tone == MessageTone.Bad, text, MailHtml.Of(message, MaxLog)).Write(), MailContent.ContentType);
    }

    public Judgement Judge(Answer answer) => answer.Status switch
    {
        >= 200 and <= 299 => Judgement.Accepted,

        // RFC 3463: the server's policy refuses the sender, for example because relaying is not permitted. The operator can change that.
        >= 500 when answer.Body is { } said && (said.AsSpan().StartsWith("5.7."u8) || said.AsSpan().IndexOf("relay"u8) >= 0) => Judgement.AccountFault(answer.Description),
        >= 500 => Judgement.Refused(answer.Description),
        _ => Judgement.TryAgain(answer.Description),
    };
}
