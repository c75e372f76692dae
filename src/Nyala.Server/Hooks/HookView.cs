using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Nyala.Client;
using Nyala.Server.Access;
using Nyala.Server.Events;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Server.Hooks;

/// <summary>Shows hooks as the API tells them.</summary>
internal sealed class HookView(SecretBox secrets, NyalaOptions options, TimeProvider clock)
{
    /// <summary>The last status of a hook whose receiver did not answer.</summary>
    private const string Unanswered = "Failure";

    /// <summary>Shows a hook to a caller, without its secret, and without other credentials if the caller may not see them.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="lastBody">The body of the event it was sent last; null if there is none.</param>
    /// <param name="caller">Who reads it.</param>
    public Hook Show(HookRecord hook, byte[]? lastBody, Caller caller) => caller.SeesCallbacks
        ? Show(hook, lastBody)
        : WithoutSecrets(Show(hook, lastBody: null) with { Url = HookUrl.Origin(hook.Url) }, answered: hook.Last is { Status: not Unanswered });

    /// <summary>An answer's reason is the receiver's, and may quote a url that is a credential; so may the reason for which the hook was disabled.</summary>
    private static Hook WithoutSecrets(Hook hook, bool answered) => !answered ? hook : hook with
    {
        LastReason = null,
        StateReason = hook.State == LifecycleRule.Word(HookState.Disabled) ? null : hook.StateReason,
    };

    /// <summary>Shows a hook in a list, with the beginning of the event that it was sent last.</summary>
    public Hook ShowInList(ListedHook listed, Caller caller)
    {
        Hook shown = Show(listed.Hook, listed.Last?.Beginning, caller);
        return listed.Last is { More: true } cut ? shown with { LastContext = WholeCharacters(cut.Beginning), LastContextIsCut = true } : shown;
    }

    /// <summary>Shows a hook without its secret, to one who manages hooks.</summary>
    public Hook Show(HookRecord hook, byte[]? lastBody) => Show(hook, lastBody, HookHold.Of(hook, options.Delivery.BreakerFailures, clock.GetUtcNow()));

    /// <summary>Shows a hook with its secret, to the one who has just subscribed it or changed the secret.</summary>
    public Hook ShowWithSecret(HookRecord hook, byte[]? lastBody) => Show(hook, lastBody) with { Secret = secrets.Decrypt(hook.Secret) };

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

    /// <summary>What was stored, or null if it cannot be read, such as after a damage to the database: one hook must not make a list of them fail.</summary>
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

    /// <summary>The text of bytes that were cut off: without the character that was cut in two.</summary>
    private static string WholeCharacters(byte[] cut)
    {
        char[] text = new char[Encoding.UTF8.GetMaxCharCount(cut.Length)];
        return new string(text, 0, Encoding.UTF8.GetDecoder().GetChars(cut, text, flush: false));
    }

    private DateTimeOffset? InFuture(DateTimeOffset? time) => time > clock.GetUtcNow() ? time : null;
}
