using System.Globalization;
using Nyala.Server.Audit;
using Nyala.Server.Storage;

namespace Nyala.Server.Sites;

/// <summary>Creates, changes and removes sites.</summary>
internal sealed class SiteRegistry(IStore store, ISiteFiles files, ISiteTokens tokens, NyalaOptions options, AuditLog audit, TimeProvider clock)
{
    private const int MaxCounted = 1000;

    /// <summary>Creates a site. A site that exists only because a hook or a report named it is configured, and counts as new.</summary>
    /// <returns>The site, and whether it was created. If not, it was created before, and is unchanged.</returns>
    public Task<(SiteFacts Site, bool Made)> CreateAsync(string name, SiteForm choices, Actor actor) => store.WriteAsync(tables =>
    {
        SiteRecord? known = tables.Sites.Find(name);
        if (known is { IsConfigured: true })
        {
            return (SiteFacts.Of(tables, known), false);
        }

        SiteRecord made = choices.Apply(known ?? SiteRecord.New(name, clock.GetUtcNow())) with { IsConfigured = true };
        if (known is null)
        {
            tables.Sites.Insert(made);
        }
        else
        {
            tables.Sites.Update(made);
        }

        Note(tables, AuditActions.SiteCreated, made, actor);
        return (SiteFacts.Of(tables, made), true);
    });

    /// <summary>Changes the configuration of a site. Returns null if the site does not exist.</summary>
    public Task<SiteFacts?> ChangeAsync(string name, SiteForm choices, Actor actor) => store.WriteAsync(tables =>
    {
        if (tables.Sites.Find(name) is not { } site)
        {
            return null;
        }

        SiteRecord changed = choices.Apply(site) with { IsConfigured = true };
        tables.Sites.Update(changed);
        if (SiteForm.Changed(site, changed) is { } fields)
        {
            Note(tables, AuditActions.SiteChanged, changed, actor, ("fields", fields));
        }

        return SiteFacts.Of(tables, changed);
    });

    /// <summary>
    /// Removes a site with its settings and tokens, and then its folder. If the server stops between these two steps, repeating the call removes the folder.
    /// </summary>
    public async Task<SiteRemoval> RemoveAsync(string name, Actor actor)
    {
        using IDisposable? held = await files.HoldAsync(name);
        if (held is null)
        {
            return Busy(files.DeploymentInProgress(name));
        }

        SiteRemoval removal = await store.WriteAsync(tables => Remove(tables, name, actor));
        if (removal is SiteRemoval.Refused)
        {
            return removal;
        }

        if (removal is SiteRemoval.Removed removed)
        {
            tokens.Forget(removed.Revoked);
            name = removed.Name;
        }

        bool folder = await files.RemoveAsync(name);
        return removal is SiteRemoval.NotFound && folder ? new SiteRemoval.Removed(name, []) : removal;
    }

    private SiteRemoval Remove(ITables tables, string name, Actor actor)
    {
        if (name.Equals(options.Sites.Default, StringComparison.OrdinalIgnoreCase))
        {
            return new SiteRemoval.Refused("It is the server's default site (Sites:Default), which is used for everything that does not name a site.");
        }

        if (tables.Sites.Find(name) is not { } site)
        {
            return new SiteRemoval.NotFound();
        }

        if (tables.Hooks.Count(name, MaxCounted) is > 0 and var hooks)
        {
            string many = hooks == MaxCounted ? $"{hooks} hooks or more are" : hooks == 1 ? "1 hook is" : $"{hooks} hooks are";
            return new SiteRemoval.Refused(
                $"{many} subscribed at this site. To list the hooks to remove first, run `nyala hooks list --all --site {site.Name}`.");
        }

        if (tables.Runs.Latest(name) is { Ended: null } running)
        {
            return Busy(running.Deployment);
        }

        tables.Sites.Remove(name);
        IReadOnlyList<TokenRecord> revoked = tokens.Revoke(tables, site.Name, actor);
        string? count = revoked.Count > 0 ? revoked.Count.ToString(CultureInfo.InvariantCulture) : null;
        Note(tables, AuditActions.SiteRemoved, site, actor, ("tokens_revoked", count));
        return new SiteRemoval.Removed(site.Name, revoked);
    }

    private static SiteRemoval.Refused Busy(string? deployment) =>
        new($"A deployment is in progress at this site{(deployment is null ? "" : $": {deployment}")}. Wait until it ends.");

    private void Note(ITables tables, string action, SiteRecord site, Actor actor, params (string Name, string? Value)[] details) =>
        audit.Note(tables, actor, action, site.Name, site.Name, details);
}
