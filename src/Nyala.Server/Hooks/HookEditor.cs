using Nyala.Server.Audit;
using Nyala.Server.Events;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Server.Hooks;

/// <summary>Changes hooks that are there: their settings, their state, their secret. At a site, only that site's.</summary>
internal sealed class HookEditor(IStore store, SecretBox secrets, TimeProvider clock, IDispatcher dispatcher, AuditLog audit)
{
    /// <summary>Writes settings; null if the hook is not there.</summary>
    public async Task<HookRecord?> ChangeAsync(string? site, long id, HookSettings settings, Actor actor)
    {
        EncryptedSettings encrypted = settings.Encrypt(secrets);
        HookRecord? changed = await store.WriteAsync(tables => Find(tables, site, id) is { } hook
            ? Write(tables, settings.Apply(hook, encrypted), actor, AuditActions.HookChanged)
            : null);
        await dispatcher.ChangedAsync(id);
        return changed;
    }

    /// <summary>Does what a verb asks of the state; the hook is null if it is not there.</summary>
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
    /// Gives a hook another secret. The one before signs too for <paramref name="overlap"/>, and takes the place of one that still
    /// did. The secret that it has already changes nothing, so that a repeated call does not end the true old one.
    /// </summary>
    /// <returns>The hook; null if it is not there. One that is gone is left as it is.</returns>
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
        tables.Hooks.Find(id) is { } hook && Subscriptions.IsAt(hook, site) ? hook : null;

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
            // A person who enables it wants it called at once, even if it was active and held back.
            tables.Hooks.SetHealth(hook.Id, default);
        }

        return (tables.Hooks.Find(hook.Id), null);
    }
}
