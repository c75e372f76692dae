using System.Security.Cryptography;
using Nyala.Client;
using Nyala.Server.Hooks;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Channels;
using Nyala.Server.Outbound.Channels.Http;
using Nyala.Server.Outbound.Channels.Mail;
using Nyala.Server.Outbound.Channels.X;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Secrets;
using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>Makes the targets of hooks.</summary>
internal interface ITargets
{
    /// <summary>Returns the target of a hook as it is now.</summary>
    Target Of(HookRecord hook);
}

/// <summary>
/// Decides which channel and which format a hook uses, and prepares it for sending: decrypts its secrets, parses its URL, and adds the account of the server that it uses.
/// </summary>
internal sealed class Targets(SecretBox secrets, HttpChannel http, MailChannel mail, ChannelOptions accounts, Destinations destinations, NyalaOptions options, TimeProvider clock) : ITargets
{
    private readonly MissingAccount _missing = new(clock);
    private readonly ServerIdentity _server = new(SiteHost.OfServer(options), site => SiteHost.ApiUrl(site, options));

    public Target Of(HookRecord hook)
    {
        var url = new HookUrl(hook.Url, null);
        IFormat format = FormatCatalog.Get(hook.Format);
        Target target = destinations.RefusesAccount(format, url.ToUri()) is { } refusal ? new MissingAccountTarget(_missing, format, refusal) : url.Scheme switch
        {
            "mailto" => new MailTarget(mail, format, url.Url["mailto:".Length..]) { Account = new Account("mail", accounts.Mail.Rate) },
            "tel" or "sms" => Phone(hook, url),
            _ => Http(hook, url),
        };
        return target with { LogLines = hook.LogLines, Server = _server };
    }

    private HttpTarget Http(HookRecord hook, HookUrl url)
    {
        IReadOnlyList<CustomHeader> headers = HookHeaders.Decrypt(hook.Headers, secrets);
        string? authorization = hook.UserInfo is { } userInfo && !HookHeaders.HaveAuthorization(headers) ? HookUrl.Authorization(secrets.Decrypt(userInfo)) : null;
        var target = new HttpTarget(http, FormatCatalog.Get(hook.Format), url.ToUri(), authorization, TlsOf(hook), [KeyOf(hook)])
        {
            Settings = HookFormatSettings.Decrypt(hook.FormatSettings, secrets),
            Headers = headers,
            Retired = Retired(hook),
        };

        // The account's request has nothing of the hook's own that could weaken it.
        return target.Format.Facts.Account == AccountKind.X
            ? new HttpTarget(http, target.Format, target.Url, Authorization: null, TlsSettings.System, target.Keys) { Account = new Account("x", accounts.X.Rate), Authorize = AuthorizeAtX }
            : target;
    }

    /// <summary>Calls and text messages are requests to the API of the account. The hook's number is a field of them.</summary>
    private HttpTarget Phone(HookRecord hook, HookUrl url)
    {
        var settings = new Dictionary<string, string>
        {
            [TwilioRule.To] = url.Url[(url.Scheme.Length + 1)..],
            [TwilioRule.From] = accounts.Phone.From,
            [CallFormat.Language] = accounts.Phone.Language,
        };
        Uri resource = accounts.Phone.UrlOf(url.Scheme == "tel" ? "Calls" : "Messages");
        return new HttpTarget(http, FormatCatalog.Get(hook.Format), resource, Authorization: null, TlsSettings.System, [KeyOf(hook)])
        {
            Settings = new FormatSettings(settings),
            Account = new Account("phone", accounts.Phone.Rate),
            Authorize = (_, _, _) => accounts.Phone.Authorization(),
        };
    }

    private string AuthorizeAtX(string method, Uri url, DateTimeOffset now)
    {
        XOptions x = accounts.X;
        string nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        return OAuth1.Authorization(method, url, new OAuth1Keys(x.ConsumerKey, x.ConsumerPart.Read(), x.Token, x.TokenPart.Read()), nonce, now);
    }

    private byte[] KeyOf(HookRecord hook)
    {
        WebhookSecret.TryDecode(secrets.Decrypt(hook.Secret), out byte[] key);
        return key;
    }

    private TlsSettings TlsOf(HookRecord hook) => hook is { Authority: null, ClientCertificate: null }
        ? TlsSettings.Of(hook.InsecureSsl)
        : new TlsSettings(hook.InsecureSsl, hook.Authority, hook.ClientCertificate is { } certificate ? secrets.Decrypt(certificate) : null);

    private RetiredKey? Retired(HookRecord hook)
    {
        if (hook.Retired is not { } old)
        {
            return null;
        }

        WebhookSecret.TryDecode(secrets.Decrypt(old.Secret), out byte[] key);
        return new RetiredKey(key, old.Until);
    }
}
