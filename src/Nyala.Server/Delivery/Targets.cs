using Nyala.Client;
using Nyala.Server.Hooks;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Channels.Http;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>Makes the targets of hooks.</summary>
internal interface ITargets
{
    /// <summary>Returns the target of a hook as it is now.</summary>
    Target Of(HookRecord hook);
}

/// <summary>
/// Decides which channel and which format a hook uses, and prepares it for sending: decrypts its secrets and parses its URL. Every hook uses HTTP.
/// </summary>
internal sealed class Targets(SecretBox secrets, HttpChannel http) : ITargets
{
    public Target Of(HookRecord hook)
    {
        var url = new HookUrl(hook.Url, null);
        WebhookSecret.TryDecode(secrets.Decrypt(hook.Secret), out byte[] key);
        IReadOnlyList<CustomHeader> headers = HookHeaders.Decrypt(hook.Headers, secrets);
        string? authorization = hook.UserInfo is { } userInfo && !HookHeaders.HaveAuthorization(headers) ? HookUrl.Authorization(secrets.Decrypt(userInfo)) : null;
        return new HttpTarget(http, FormatCatalog.Get(hook.Format), url.ToUri(), authorization, TlsOf(hook), [key])
        {
            Settings = HookFormatSettings.Decrypt(hook.FormatSettings, secrets),
            Headers = headers,
            Retired = Retired(hook),
            LogLines = hook.LogLines,
        };
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
