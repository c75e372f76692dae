using Nyala.Client;
using Nyala.Server.Hooks;
using Nyala.Server.Outbound;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>Makes a hook ready to be sent to: decrypts its secrets and reads its url.</summary>
internal sealed class Targets(SecretBox secrets)
{
    public Target Of(HookRecord hook)
    {
        var url = new HookUrl(hook.Url, null);
        WebhookSecret.TryDecode(secrets.Open(hook.Secret), out byte[] key);
        string? authorization = hook.UserInfo is { } userInfo ? HookUrl.Authorization(secrets.Open(userInfo)) : null;
        return new Target(url.ToUri(), authorization, Trust.Of(hook.InsecureSsl), [key]);
    }
}
