using Nyala.Server.Http;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Server.Hooks;

/// <summary>
/// Asks the receiver of a new hook for permission if the hook's format requires it, before anything is stored. A hook that already has such a format has the
/// permission, unless the receiver ended the hook.
/// </summary>
internal sealed class Permissions(IStore store, SecretBox secrets, IHandshake handshake)
{
    /// <summary>Asks for permission to subscribe a hook.</summary>
    public async Task<Permission> AskAsync(string? site, HookForm form, CancellationToken cancellationToken)
    {
        HookRecord? known = await store.ReadAsync(tables => tables.Hooks.FindByUrl(site, form.Url.Url), cancellationToken);
        if (known is not null && !known.Event.Equals(form.Event, StringComparison.OrdinalIgnoreCase))
        {
            if (known.State != HookState.Gone)
            {
                // The subscription is refused in any case.
                return new Permission(form.Settings);
            }

            known = null;
        }

        bool permitted = known is { State: not HookState.Gone } && Needs(known);
        return await AskAsync(permitted, form.Draft(site, known, secrets), form.Settings, cancellationToken);
    }

    /// <summary>Asks for permission to change a hook.</summary>
    public Task<Permission> AskAsync(HookRecord known, HookSettings settings, CancellationToken cancellationToken) =>
        AskAsync(Needs(known), settings.Apply(known, settings.Encrypt(secrets)), settings, cancellationToken);

    private async Task<Permission> AskAsync(bool permitted, HookRecord wanted, HookSettings settings, CancellationToken cancellationToken)
    {
        if (permitted || !Needs(wanted))
        {
            return new Permission(settings);
        }

        HandshakeAnswer answer = await handshake.AskAsync(wanted, cancellationToken);
        return answer.Refusal is { } refusal
            ? new Permission(settings, $"{refusal} The receiver must allow events first. To subscribe it without asking, set handshake to none in '{HookFormatSettings.Field}'.")
            : new Permission(answer.Rate is { } rate && (wanted.Rate is null || rate < wanted.Rate) ? settings with { Rate = new Optional<int?>(rate) } : settings);
    }

    private bool Needs(HookRecord hook) => FormatCatalog.Get(hook.Format).Facts.NeedsHandshake(HookFormatSettings.Decrypt(hook.FormatSettings, secrets));
}

/// <summary>What a receiver permits.</summary>
/// <param name="Settings">The settings to store, with the rate that the receiver allows.</param>
/// <param name="Refusal">Why it permits nothing; null if it permits the hook, or was not asked.</param>
internal readonly record struct Permission(HookSettings Settings, string? Refusal = null);
