using Microsoft.AspNetCore.Http.HttpResults;
using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>Finds the site that a deployment is for. One that nobody made or named is none: a slip deploys nothing.</summary>
internal sealed class SiteFinder(IStore store, NyalaOptions options)
{
    /// <summary>The site; null if there is none.</summary>
    /// <param name="site">The name in the path; null at the root, which is the default site's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<SiteRecord?> FindAsync(string? site, CancellationToken cancellationToken) =>
        store.ReadAsync(tables => tables.Sites.Find(site ?? options.Sites.Default), cancellationToken);

    /// <summary>404, with what to do.</summary>
    public ProblemHttpResult Refuse(string? site) => SiteRefusal.NoSuchSite(site ?? options.Sites.Default);

    /// <summary>The refusal if there is no such site.</summary>
    public string Missing(string? site) => SiteRefusal.NotThere(site ?? options.Sites.Default);
}
