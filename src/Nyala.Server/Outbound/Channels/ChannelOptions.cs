using Nyala.Server.Outbound.Channels.Mail;
using Nyala.Server.Outbound.Channels.Phone;
using Nyala.Server.Outbound.Channels.X;

namespace Nyala.Server.Outbound.Channels;

/// <summary>Options of the section <c>Channels</c>: the accounts at services that hooks use. A hook never contains a credential of them.</summary>
internal sealed class ChannelOptions
{
    public MailOptions Mail { get; set; } = new();

    public PhoneOptions Phone { get; set; } = new();

    public XOptions X { get; set; } = new();

    public IEnumerable<string> Validate() => [.. Mail.Validate(), .. Phone.Validate(), .. X.Validate()];

    /// <summary>Returns what a hook needs that the server does not have; null if the account exists.</summary>
    public string? Lacks(AccountKind kind) => kind switch
    {
        AccountKind.Mail when !Mail.IsSet => "mail needs an SMTP server. Set Channels:Mail:Host and Channels:Mail:From on the server.",
        AccountKind.Phone when !Phone.IsSet => "calls and text messages need an account at Twilio. Set Channels:Phone:Account, Channels:Phone:Token and Channels:Phone:From on the server.",
        AccountKind.X when !X.IsSet => "posts on X need an account. Set Channels:X:ConsumerKey, Channels:X:ConsumerSecret, Channels:X:Token and Channels:X:TokenSecret on the server.",
        _ => null,
    };
}

/// <summary>An account that hooks of a format use.</summary>
internal enum AccountKind
{
    /// <summary>None: the hook's URL is enough.</summary>
    None,

    Mail,

    Phone,

    X,
}
