using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Nyala.Client;
using Nyala.Server.Access;
using Nyala.Server.Events;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Server.Hooks;

/// <summary>Converts hooks to the format of the API.</summary>
internal sealed class HookView(SecretBox secrets, NyalaOptions options, TimeProvider clock)
{
    /// <summary>Shows a hook to a caller, without its secret. Other credentials are left out if the caller may not see them.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="lastBody">The body of the event that was last sent to the hook; null if there is none.</param>
    /// <param name="caller">The caller.</param>
    public Hook Show(HookRecord hook, byte[]? lastBody, Caller caller) => caller.SeesContents
        ? Show(hook, lastBody)
        : WithoutSecrets(Show(hook, lastBody: null) with { Url = HookUrl.Origin(hook.Url) }, answered: hook.Last is { Status: not AttemptOutcome.Unanswered });

    /// <summary>
    /// If the receiver responded to the newest attempt, removes the last reason and the reason why the hook was disabled. They may quote the response, and with it
    /// a URL that is a credential.
    /// </summary>
    private static Hook WithoutSecrets(Hook hook, bool answered) => !answered ? hook : hook with
    {
        LastReason = null,
        StateReason = hook.State == LifecycleRule.Word(HookState.Disabled) ? null : hook.StateReason,
    };

    /// <summary>Shows a hook in a list, with the beginning of the event that was last sent to it.</summary>
    public Hook ShowInList(ListedHook listed, Caller caller)
    {
        Hook shown = Show(listed.Hook, listed.Last?.Beginning, caller);
        return listed.Last is { More: true } cut ? shown with { LastContext = WholeCharacters(cut.Beginning), LastContextIsCut = true } : shown;
    }

    /// <summary>Shows a hook without its secret, to a caller that manages hooks.</summary>
    public Hook Show(HookRecord hook, byte[]? lastBody) => Show(hook, lastBody, HookHold.Of(hook, options.Delivery.BreakerFailures, clock.GetUtcNow()));

    /// <summary>Shows a hook with its secret, to the caller that has just subscribed it or changed the secret. Only HTTP requests are signed.</summary>
    public Hook ShowWithSecret(HookRecord hook, byte[]? lastBody) =>
        Show(hook, lastBody) with { Secret = new HookUrl(hook.Url, null).IsHttp ? secrets.Decrypt(hook.Secret) : null };

    private Hook Show(HookRecord hook, byte[]? lastBody, HookHold? hold) => new()
    {
        Id = hook.Id.ToString(null as IFormatProvider),
        Event = hook.Event,
        Url = HookUrl.Show(hook.Url, hook.UserInfo is { } userInfo ? Readable(() => secrets.Decrypt(userInfo)) : null),
        InsecureSsl = hook.InsecureSsl,
        LastStatus = hook.Last?.Status,
        LastReason = hook.Last?.Reason,
        LastDateTime = hook.Last?.Time,
        LastContext = lastBody is null ? null : Encoding.UTF8.GetString(lastBody),
        Site = hook.Site,
        State = LifecycleRule.Word(hook.State),
        Created = hook.Created,
        Format = hook.Format ?? FormatCatalog.Kudu.Facts.Name,
        FormatSettings = Readable(() => HookFormatSettings.Show(FormatCatalog.Get(hook.Format), HookFormatSettings.Decrypt(hook.FormatSettings, secrets))),
        Template = Readable(() => HookTemplates.Show(FormatCatalog.Get(hook.Format), HookFormatSettings.Decrypt(hook.FormatSettings, secrets))),
        LogLines = hook.LogLines,
        Description = hook.Description,
        Filter = hook.Filter is null ? null : Filter.TryRead(hook.Filter),
        Ordered = hook.Ordered,
        Rate = hook.Rate,
        Headers = Readable(() => HookHeaders.Show(hook.Headers, secrets)),
        Ca = Readable(() => HookCertificates.Show(hook.Authority)),
        ClientCertificate = Readable(() => HookCertificates.Show(hook.ClientCertificate is { } certificate ? secrets.Decrypt(certificate) : null)?[0]),
        StateReason = hook.StateReason,
        StateSince = hook.StateSince,
        FailingSince = hook.Health.FailingSince,
        Held = hold?.Reason,
        HeldReason = hold?.Text,
        HeldUntil = hold?.Until,
        SecretOldUntil = InFuture(hook.Retired?.Until),
    };

    /// <summary>
    /// Returns the stored value, or null if it cannot be read, for example because the database is damaged. One bad hook must not make a whole list fail.
    /// </summary>
    private static T? Readable<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is CryptographicException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Returns the text of truncated bytes, without a character that was cut in two at the end.</summary>
    private static string WholeCharacters(byte[] cut)
    {
        char[] text = new char[Encoding.UTF8.GetMaxCharCount(cut.Length)];
        return new string(text, 0, Encoding.UTF8.GetDecoder().GetChars(cut, text, flush: false));
    }

    private DateTimeOffset? InFuture(DateTimeOffset? time) => time > clock.GetUtcNow() ? time : null;
}
