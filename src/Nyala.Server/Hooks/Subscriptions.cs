using Nyala.Client;
using Nyala.Server.Audit;
using Nyala.Server.Events;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Server.Hooks;

/// <summary>How a subscription went.</summary>
/// <param name="Hook">The hook that has the url now.</param>
/// <param name="Conflict">True where that hook listens to another event and nothing was changed.</param>
internal readonly record struct Subscribed(HookRecord Hook, bool Conflict);

/// <summary>Subscribes and unsubscribes hooks.</summary>
internal sealed class Subscriptions(IStore store, SecretBox secrets, IdSource ids, TimeProvider clock, IDispatcher dispatcher, AuditLog audit)
{
    /// <summary>
    /// Makes the hook, or finds the one that has this url at this site already. One with the same event takes over what was
    /// asked for, and is active again where it was gone or disabled.
    /// </summary>
    public async Task<Subscribed> SubscribeAsync(string? site, HookForm form, Actor actor)
    {
        // Encrypted before the write begins: work under the writer must be short.
        string? userInfo = form.Url.UserInfo is { } plain ? secrets.Close(plain) : null;
        string? givenSecret = form.Secret is { } own ? secrets.Close(own) : null;
        string freshSecret = givenSecret ?? secrets.Close(WebhookSecret.Create());
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
                if (!sameEvent)
                {
                    return new Subscribed(known, Conflict: true);
                }

                HookRecord renewed = Renew(known, form, userInfo, givenSecret);
                if (renewed == known)
                {
                    return new Subscribed(known, Conflict: false);
                }

                tables.Hooks.Update(renewed);
                Note(tables, actor, AuditActions.HookChanged, renewed);
                return new Subscribed(renewed, Conflict: false);
            }

            DateTimeOffset now = clock.GetUtcNow();
            var hook = new HookRecord
            {
                Id = ids.Next(),
                Site = site is null ? null : tables.Sites.Touch(site, now),
                Event = form.Event,
                Url = form.Url.Url,
                UserInfo = userInfo,
                InsecureSsl = form.InsecureSsl ?? false,
                Secret = freshSecret,
                Created = now,
            };
            tables.Hooks.Insert(hook);
            Note(tables, actor, AuditActions.HookCreated, hook);
            return new Subscribed(hook, Conflict: false);
        });
        dispatcher.Changed(subscribed.Hook.Id);
        return subscribed;
    }

    /// <summary>Removes a hook by its id. At a site only that site's hooks can be removed.</summary>
    public Task UnsubscribeAsync(string? site, long id, Actor actor) =>
        UnsubscribeAsync(tables => tables.Hooks.Find(id) is { } hook && IsAt(hook, site) ? id : null, actor);

    /// <summary>Removes the hook with this callback, of exactly this site.</summary>
    public Task UnsubscribeAsync(string? site, string url, Actor actor)
    {
        string given = HookUrl.Parse(url, out _)?.Url ?? url.Trim();
        return UnsubscribeAsync(tables => HookQuery.FindByUrl(tables.Hooks.Urls(site), given), actor);
    }

    /// <summary>Whether a hook is seen from a site: from the root every one, from a site its own.</summary>
    public static bool IsAt(HookRecord hook, string? site) => site is null || site.Equals(hook.Site, StringComparison.OrdinalIgnoreCase);

    private async Task UnsubscribeAsync(Func<ITables, long?> find, Actor actor)
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
            dispatcher.Changed(removed.Id);
        }
    }

    private void Note(ITables tables, Actor actor, string action, HookRecord hook) =>
        audit.Note(tables, actor, action, hook.Id, hook.Site, ("event", hook.Event), ("url", HookUrl.Origin(hook.Url)));

    private static HookRecord Renew(HookRecord known, HookForm form, string? userInfo, string? givenSecret) => known with
    {
        UserInfo = userInfo,
        InsecureSsl = form.InsecureSsl ?? known.InsecureSsl,
        Secret = givenSecret ?? known.Secret,
        State = known.State is HookState.Gone or HookState.Disabled ? HookState.Active : known.State,
    };
}
