using Nyala.Client;
using Nyala.Server.Audit;
using Nyala.Server.Events;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Server.Hooks;

/// <summary>The result of a subscription.</summary>
/// <param name="Hook">The hook that now has the URL.</param>
/// <param name="Refused">Why nothing was changed; null if the subscription succeeded.</param>
/// <param name="Again">Whether the hook existed before.</param>
internal readonly record struct Subscribed(HookRecord Hook, SubscriptionRefusal? Refused = null, bool Again = false);

/// <summary>Why a URL is not subscribed, or not subscribed again.</summary>
internal enum SubscriptionRefusal
{
    /// <summary>The existing hook is subscribed to another event.</summary>
    OtherEvent,

    /// <summary>The URL has user info, which is sent as <c>Authorization</c>, but the existing hook's headers already include it.</summary>
    TwoAuthorizations,

    /// <summary>The format does not accept the settings, or needs settings that the hook does not have.</summary>
    Settings,
}

/// <summary>Subscribes and unsubscribes hooks.</summary>
internal sealed class Subscriptions(IStore store, SecretBox secrets, IdSource ids, TimeProvider clock, IDispatcher dispatcher, AuditLog audit)
{
    /// <summary>
    /// Creates the hook, or finds the hook that already has this URL at this site. If that hook has the same event, the requested settings are
    /// applied to it, and it is active again if it was gone or disabled.
    /// </summary>
    public async Task<Subscribed> SubscribeAsync(string? site, HookForm form, Actor actor)
    {
        // Encrypted before the write begins, because a write transaction must be short.
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
                // Lists do not show a hook that is gone, so it must not block a new subscription.
                tables.Hooks.Remove(known.Id);
                Note(tables, actor, AuditActions.HookRemoved, known);
            }
            else if (known is not null)
            {
                return !sameEvent ? new Subscribed(known, SubscriptionRefusal.OtherEvent)
                    : AuthorizesTwice(known, form) ? new Subscribed(known, SubscriptionRefusal.TwoAuthorizations)
                    : form.Settings.RefusesSettings(form.Settings.Apply(known, encrypted)) is not null ? new Subscribed(form.Settings.Apply(known, encrypted), SubscriptionRefusal.Settings)
                    : new Subscribed(Renew(tables, actor, known, form.Settings.Apply(known, encrypted), userInfo, givenSecret), Again: true);
            }

            DateTimeOffset now = clock.GetUtcNow();
            HookRecord hook = form.Settings.Apply(HookSettings.InFormat(new HookRecord
            {
                Id = ids.Next(),
                Site = site is null ? null : tables.Sites.Touch(site, now),
                Event = form.Event,
                Url = form.Url.Url,
                UserInfo = userInfo,
                Secret = freshSecret,
                Created = now,
            }, FormatCatalog.Of(form.Url.ToUri())), encrypted);
            if (form.Settings.RefusesSettings(hook) is not null)
            {
                return new Subscribed(hook, SubscriptionRefusal.Settings);
            }

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

    /// <summary>Removes a hook by its id. At a site, only that site's hooks can be removed.</summary>
    /// <returns>Whether the hook existed.</returns>
    public Task<bool> UnsubscribeAsync(string? site, long id, Actor actor) =>
        UnsubscribeAsync(tables => tables.Hooks.Find(id) is { } hook && HookVisibility.IsVisibleAt(hook, site) ? id : null, actor);

    /// <summary>Removes the hook with this callback URL. It must belong to exactly this site, or to the root if the site is null.</summary>
    /// <returns>Whether the hook existed.</returns>
    public Task<bool> UnsubscribeAsync(string? site, string url, Actor actor)
    {
        string given = HookUrl.Parse(url, out _)?.Url ?? url.Trim();
        return UnsubscribeAsync(
            tables => HookQuery.Find(given, whole => tables.Hooks.FindByUrl(site, whole)?.Id, beginning => tables.Hooks.WithUrlFrom(site, beginning, HookQuery.MaxAlike)),
            actor);
    }

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

    /// <summary>
    /// Whether the URL adds user info to a hook that keeps headers with <c>Authorization</c>. This is rare, so the headers may be decrypted within the write.
    /// </summary>
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

        // A caller that subscribes a URL again expects it to be called at once, so its recorded failures are cleared.
        tables.Hooks.SetHealth(renewed.Id, default);
        return renewed;
    }
}
