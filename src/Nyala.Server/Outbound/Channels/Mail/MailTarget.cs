using System.Diagnostics;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Server.Outbound.Channels.Mail;

/// <summary>The receiver of a <c>mailto:</c> hook.</summary>
/// <param name="Address">The mail address.</param>
internal sealed record MailTarget(IChannel Channel, IFormat Format, string Address) : Target(Channel, Format)
{
    /// <summary>A storm of events becomes one mail.</summary>
    public override int MaxCombined => 100;

    /// <summary>Adds only the domain, because the rest is personal.</summary>
    public override void Tag(Activity span, RequestForm form) => span.SetTag("nyala.mail.domain", Address[(Address.LastIndexOf('@') + 1)..]);
}
