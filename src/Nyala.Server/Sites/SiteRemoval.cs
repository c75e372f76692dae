using Nyala.Server.Storage;

namespace Nyala.Server.Sites;

/// <summary>The outcome of a request to remove a site.</summary>
internal abstract record SiteRemoval
{
    /// <summary>The site was removed.</summary>
    /// <param name="Name">The site's name, in the case in which it was created.</param>
    /// <param name="Revoked">The tokens that were limited to the site.</param>
    public sealed record Removed(string Name, IReadOnlyList<TokenRecord> Revoked) : SiteRemoval;

    /// <summary>The site does not exist.</summary>
    public sealed record NotFound : SiteRemoval;

    /// <summary>The site was not removed.</summary>
    /// <param name="Reason">The reason, in sentences for the caller.</param>
    public sealed record Refused(string Reason) : SiteRemoval;
}
