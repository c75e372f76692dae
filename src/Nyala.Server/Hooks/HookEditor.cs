using Nyala.Server.Audit;
using Nyala.Server.Events;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Server.Hooks;

/// <summary>Changes the settings, state and secret of existing hooks. At a site, it changes only that site's hooks.</summary>
internal sealed class HookEditor(IStore store, SecretBox secrets, TimeProvider clock, IDispatcher dispatcher, AuditLog audit)
{
    /// <summary>Changes settings. Returns null if the hook does not exist.</summary>
    public async Task<HookRecord?> ChangeAsync(string? site, long id, HookSettings settings, Actor actor)
    {
        EncryptedSettings encrypted = settings.Encrypt(secrets);
        HookRecord? changed = await store.WriteAsync(tables => Find(tables, site, id) is { } hook
            ? Write(tables, settings.Apply(hook, encrypted), actor, AuditActions.HookChanged)
            : null);
        await dispatcher.ChangedAsync(id);
        return changed;
    }

    /// <summary>Applies a verb to the hook's state. The returned hook is null if it does not exist.</summary>
    public async Task<(HookRecord? Hook, string? Refusal)> MoveAsync(string? site, long id, LifecycleVerb verb, Actor actor)
    {
        (HookRecord? hook, string? refusal) = await store.WriteAsync(tables => Find(tables, site, id) is { } hook
            ? Move(tables, hook, verb, actor)
            : (null, null));
        if (hook is not null && refusal is null)
        {
            await dispatcher.ChangedAsync(id);
            if (hook.State == HookState.Active)
            {
                dispatcher.Wake(id);
            }
        }

        return (hook, refusal);
    }

    /// <summary>
    /// Replaces the hook's signing secret. The previous secret also signs for <paramref name="overlap"/>; an even older secret stops signing at once.
    /// If the hook already has this secret, nothing changes, so that a repeated call does not end the overlap of the previous secret.
    /// </summary>
    /// <returns>The hook; null if it does not exist. A hook that is gone is not changed.</returns>
    public async Task<HookRecord?> RotateAsync(string? site, long id, string secret, TimeSpan overlap, Actor actor)
    {
        string encrypted = secrets.Encrypt(secret);
        while (true)
        {
            HookRecord? known = await store.ReadAsync(tables => Find(tables, site, id));
            if (known is null or { State: HookState.Gone } || secrets.Decrypt(known.Secret) == secret)
            {
                return known;
            }

            DateTimeOffset now = clock.GetUtcNow();
            HookRecord? rotated = await store.WriteAsync(tables =>
                Find(tables, site, id) is { State: not HookState.Gone } hook && hook.Secret == known.Secret
                    ? Write(
                        tables,
                        hook with { Secret = encrypted, Retired = overlap > TimeSpan.Zero ? new RetiredSecret(hook.Secret, now + overlap) : null },
                        actor,
                        AuditActions.HookSecretRotated)
                    : null);
            if (rotated is not null)
            {
                await dispatcher.ChangedAsync(id);
                return rotated;
            }
        }
    }

    private static HookRecord? Find(ITables tables, string? site, long id) =>
        tables.Hooks.Find(id) is { } hook && HookVisibility.IsVisibleAt(hook, site) ? hook : null;

    private HookRecord Write(ITables tables, HookRecord hook, Actor actor, string action)
    {
        tables.Hooks.Update(hook);
        Note(tables, hook, actor, action);
        return hook;
    }

    private void Note(ITables tables, HookRecord hook, Actor actor, string action) =>
        audit.Note(tables, actor, action, hook.Id, hook.Site, ("event", hook.Event), ("url", HookUrl.Origin(hook.Url)));

    private static string ActionOf(LifecycleVerb verb) => verb switch
    {
        LifecycleVerb.Pause => AuditActions.HookPaused,
        LifecycleVerb.Resume => AuditActions.HookResumed,
        LifecycleVerb.Enable => AuditActions.HookEnabled,
        _ => AuditActions.HookRestored,
    };

    private (HookRecord? Hook, string? Refusal) Move(ITables tables, HookRecord hook, LifecycleVerb verb, Actor actor)
    {
        LifecycleVerdict verdict = LifecycleRule.Judge(verb, hook.State, hook.StateSince, clock.GetUtcNow());
        if (verdict.Refusal is not null)
        {
            return (hook, verdict.Refusal);
        }

        if (hook.State != verdict.State)
        {
            tables.Hooks.SetState(hook.Id, verdict.State, null, clock.GetUtcNow());
            Note(tables, hook, actor, ActionOf(verb));
        }

        if (verdict.State == HookState.Active)
        {
            // An active hook may be held too. The person who enables it expects deliveries at once, so the hold ends.
            tables.Hooks.SetHealth(hook.Id, default);
        }

        return (tables.Hooks.Find(hook.Id), null);
    }
}
