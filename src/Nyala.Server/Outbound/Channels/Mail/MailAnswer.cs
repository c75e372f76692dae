using System.Diagnostics;
using System.Globalization;
using System.Text;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Channels.Mail;

/// <summary>What an SMTP server answered to the recipient or to the mail.</summary>
/// <param name="code">The code, for example 250 or 550.</param>
/// <param name="text">The text after the code.</param>
internal sealed class MailAnswer(int code, string text) : Answer(code, text.Length > 0 ? Encoding.UTF8.GetBytes(text) : null, headers: null, retryAfter: null)
{
    private const int MaxSaid = 300;

    public override string StatusName => string.Create(CultureInfo.InvariantCulture, $"SMTP {Status}");

    public override string StatusClass => string.Create(CultureInfo.InvariantCulture, $"{Status / 100}xx");

    public override string Description => string.Create(CultureInfo.InvariantCulture, $"The SMTP server answered {Status}") + (MessageText.Line(text, MaxSaid) is { Length: > 0 } said ? $": {said}" : ".");

    public override void Tag(Activity span) => span.SetTag("nyala.smtp.status_code", Status);
}
