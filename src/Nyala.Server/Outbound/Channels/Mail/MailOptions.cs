using System.Globalization;
using MimeKit;

namespace Nyala.Server.Outbound.Channels.Mail;

/// <summary>Options of the section <c>Channels:Mail</c>: the SMTP server that sends mail for <c>mailto:</c> hooks. The operator names it, so the address guard does not apply.</summary>
internal sealed class MailOptions
{
    /// <summary>The host name or address of the SMTP server. Default: empty; <c>mailto:</c> hooks are refused.</summary>
    public string Host { get; set; } = "";

    /// <summary>The port of the SMTP server: usually 587 with <c>starttls</c>, 465 with <c>tls</c>. Default 587.</summary>
    public int Port { get; set; } = 587;

    /// <summary>The user to sign in as. Default: empty, no sign-in.</summary>
    public string User { get; set; } = "";

    /// <summary>The password of <see cref="User"/>. Default: empty.</summary>
    public string Password { get; set; } = "";

    /// <summary>A file that contains the password, instead of <see cref="Password"/>. Default: empty.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>The sender: an address, or a name and an address such as <c>Nyala &lt;nyala@example.com&gt;</c>. Default: empty.</summary>
    public string From { get; set; } = "";

    /// <summary>
    /// How the connection is protected: <c>starttls</c> (required, never skipped), <c>tls</c> (from the first byte) or <c>none</c>. The certificate is always checked.
    /// Default <c>starttls</c>.
    /// </summary>
    public string Tls { get; set; } = "starttls";

    /// <summary>The maximum number of mails per minute, of all hooks together. Default 60; 1 to 60000.</summary>
    public int Rate { get; set; } = 60;

    /// <summary>The time limit for sending a mail, from the connection to the last answer. Default 60 s; 1 s to 10 min.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);

    public bool IsSet => Host.Length > 0;

    /// <summary>The account for people, without credentials.</summary>
    public string Description => string.Create(
        CultureInfo.InvariantCulture, $"{From} through {Host}:{Port}, {(Tls == "none" ? "without TLS" : Tls)}");

    public AccountSecret Secret => new("Channels:Mail:Password", Password, PasswordFile);

    /// <summary><see cref="From"/>, parsed.</summary>
    public MailboxAddress Sender => MailboxAddress.Parse(From);

    public IEnumerable<string> Validate()
    {
        foreach (string error in Secret.Validate())
        {
            yield return error;
        }

        if (Tls is not ("starttls" or "tls" or "none"))
        {
            yield return $"Channels:Mail:Tls is '{Tls}': it must be starttls, tls or none.";
        }

        if (Port is < 1 or > 65535)
        {
            yield return $"Channels:Mail:Port is {Port}: it must be from 1 to 65535.";
        }

        if (Rate is < 1 or > 60_000)
        {
            yield return $"Channels:Mail:Rate is {Rate}: it must be from 1 to 60000 mails per minute.";
        }

        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromMinutes(10))
        {
            yield return $"Channels:Mail:Timeout is {Timeout}: it must be from 1 s to 10 min.";
        }

        if (Host.Length > 0 && Uri.CheckHostName(Host) == UriHostNameType.Unknown)
        {
            yield return $"Channels:Mail:Host is '{Host}': it must be a host name or an address, without a port.";
        }

        if (Host.Length > 0 && (!MailboxAddress.TryParse(From, out MailboxAddress? sender) || !MailAddress.IsValid(sender.Address)))
        {
            yield return $"Channels:Mail:From is '{From}': it must be a mail address, such as nyala@example.com or Nyala <nyala@example.com>.";
        }

        if (Host.Length == 0 && (From.Length > 0 || User.Length > 0))
        {
            yield return "Channels:Mail:Host is empty, but other options of Channels:Mail are set. Set it to the SMTP server.";
        }

        if (User.Length > 0 != Secret.IsSet)
        {
            yield return "Channels:Mail:User and Channels:Mail:Password (or PasswordFile) belong together. Set both, or neither.";
        }
    }
}
