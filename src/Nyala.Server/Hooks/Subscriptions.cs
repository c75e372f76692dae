using Nyala.Client;
using Nyala.Server.Audit;
using Nyala.Server.Events;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Server.Hooks;

/// <summary>How a subscription went.</summary>
/// <param name="Hook">The hook that has the url now.</param>
/// <param name="Refused">Why nothing was changed; null if it was.</param>
/// <param name="Again">True if the hook was there before.</param>
internal readonly record struct Subscribed(HookRecord Hook, Resubscription? Refused = null, bool Again = false);

/// <summary>Why a url that has a hook is not subscribed again.</summary>
internal enum Resubscription
{
    /// <summary>The hook listens to another event.</summary>
    OtherEvent,

    /// <summary>The hook sends a header that user info in the url stands for, too.</summary>
    TwoAuthorizations,
}

/// <summary>Subscribes and unsubscribes hooks.</summary>
internal sealed class Subscriptions(IStore store, SecretBox secrets, IdSource ids, TimeProvider clock, IDispatcher dispatcher, AuditLog audit)
{
    /// <summary>
    /// Makes the hook, or finds the one that has this url at this site already. One with the same event takes over what was
    /// asked for, and is active again if it was gone or disabled.
    /// </summary>
    public async Task<Subscribed> SubscribeAsync(string? site, HookForm form, Actor actor)
    {
        // Encrypted before the write begins: work under the writer must be short.
        string? userInfo = form.Url.UserInfo is { } plain ? secrets.Encrypt(plain) : null;
        string? givenSecret = form.Secret is { } own ? secrets.Encrypt(own) : null;
        EncryptedSettings encrypted = form.Settings.Encrypt(secrets);
        string freshSecret = givenSecret ?? secrets.Encrypt(WebhookSecret.Create());
        Subscribed subscribed = await store.WriteAsync(tables =>
        {
            HookRecord? known = tables.Hooks.FindByUrl(site, form.Url.Url);
            bool sameEvent = known is not null && known.Event.Equals(form.Event, StringComparison.OrdinalIgnoreCase);
            if (known is { State: HookState.Gone } && !sameEvent)
            {
                // No list shows it, so it must not stand in the way.
                tables.Hooks.Remove(known.Id);
                Note(tables, actor, AuditActions.HookRemoved, known);
            }
            else if (known is not null)
            {
                return !sameEvent ? new Subscribed(known, Resubscription.OtherEvent)
                    : AuthorizesTwice(known, form) ? new Subscribed(known, Resubscription.TwoAuthorizations)
                    : new Subscribed(Renew(tables, actor, known, form.Settings.Apply(known, encrypted), userInfo, givenSecret), Again: true);
            }

            DateTimeOffset now = clock.GetUtcNow();
            HookRecord hook = form.Settings.Apply(new HookRecord
            {
                Id = ids.Next(),
                Site = site is null ? null : tables.Sites.Touch(site, now),
                Event = form.Event,
                Url = form.Url.Url,
                UserInfo = userInfo,
                Secret = freshSecret,
                Created = now,
            }, encrypted);
            tables.Hooks.Insert(hook);
            Note(tables, actor, AuditActions.HookCreated, hook);
            return new Subscribed(hook);
        });
        if (subscribed.Refused is null)
        {
            await dispatcher.ChangedAsync(subscribed.Hook.Id);
            if (subscribed is { Again: true, Hook.State: HookState.Active })
            {
                dispatcher.Wake(subscribed.Hook.Id);
            }
        }

        return subscribed;
    }

    /// <summary>Removes a hook by its id. At a site only that site's hooks can be removed.</summary>
    /// <returns>Whether it was there.</returns>
    public Task<bool> UnsubscribeAsync(string? site, long id, Actor actor) =>
        UnsubscribeAsync(tables => tables.Hooks.Find(id) is { } hook && IsAt(hook, site) ? id : null, actor);

    /// <summary>Removes the hook with this callback, of exactly this site.</summary>
    /// <returns>Whether it was there.</returns>
    public Task<bool> UnsubscribeAsync(string? site, string url, Actor actor)
    {
        string given = HookUrl.Parse(url, out _)?.Url ?? url.Trim();
        return UnsubscribeAsync(
            tables => HookQuery.Find(given, whole => tables.Hooks.FindByUrl(site, whole)?.Id, beginning => tables.Hooks.WithUrlFrom(site, beginning, HookQuery.MaxAlike)),
            actor);
    }

    /// <summary>Whether a hook is seen from a site: from the root every one, from a site its own.</summary>
    public static bool IsAt(HookRecord hook, string? site) => site is null || site.Equals(hook.Site, StringComparison.OrdinalIgnoreCase);

    private async Task<bool> UnsubscribeAsync(Func<ITables, long?> find, Actor actor)
    {
        HookRecord? removed = await store.WriteAsync(tables =>
        {
            if (find(tables) is not { } id || tables.Hooks.Find(id) is not { } hook)
            {
                return null;
            }

            tables.Hooks.Remove(id);
            Note(tables, actor, AuditActions.HookRemoved, hook);
            return hook;
        });
        if (removed is not null)
        {
            await dispatcher.ChangedAsync(removed.Id);
        }

        return removed is not null;
    }

    private void Note(ITables tables, Actor actor, string action, HookRecord hook) =>
        audit.Note(tables, actor, action, hook.Id, hook.Site, ("event", hook.Event), ("url", HookUrl.Origin(hook.Url)));

    /// <summary>Whether the url brings user info to a hook whose headers, which stay, hold Authorization. Rare, so it may be decrypted under the writer.</summary>
    private bool AuthorizesTwice(HookRecord known, HookForm form) => form.Url.UserInfo is not null
        && !form.Settings.Headers.IsSet
        && HookHeaders.HaveAuthorization(HookHeaders.Decrypt(known.Headers, secrets));

    private HookRecord Renew(ITables tables, Actor actor, HookRecord known, HookRecord applied, string? userInfo, string? givenSecret)
    {
        bool returns = known.State is HookState.Gone or HookState.Disabled;
        HookRecord renewed = applied with
        {
            UserInfo = userInfo,
            Secret = givenSecret ?? known.Secret,
            State = returns ? HookState.Active : known.State,
            StateReason = returns ? null : known.StateReason,
            StateSince = returns ? clock.GetUtcNow() : known.StateSince,
            Health = default,
        };
        if (renewed != known with { Health = default })
        {
            Note(tables, actor, AuditActions.HookChanged, renewed);
        }

        tables.Hooks.Update(renewed);

        // Subscribing a URL says that it is ready to be called.
        tables.Hooks.SetHealth(renewed.Id, default);
        return renewed;
    }
}
