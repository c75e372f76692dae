using Microsoft.AspNetCore.Http.HttpResults;
using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>Finds the site that a deployment is for. It never creates a site, so that a mistyped name deploys nothing.</summary>
internal sealed class SiteFinder(IStore store, NyalaOptions options)
{
    /// <summary>Returns the site; null if it does not exist.</summary>
    /// <param name="site">The name in the path; null at the root, which stands for the default site.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task<SiteRecord?> FindAsync(string? site, CancellationToken cancellationToken) =>
        store.ReadAsync(tables => tables.Sites.Find(site ?? options.Sites.Default), cancellationToken);

    /// <summary>Returns 404, with instructions on how to create the site.</summary>
    public ProblemHttpResult Refuse(string? site) => SiteRefusal.NoSuchSite(site ?? options.Sites.Default);

    /// <summary>Returns the text of that refusal.</summary>
    public string Missing(string? site) => SiteRefusal.NotFound(site ?? options.Sites.Default);
}
