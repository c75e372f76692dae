using Nyala.Server.Storage;

namespace Nyala.Server.Sites;

/// <summary>What became of a wish to remove a site.</summary>
internal abstract record SiteRemoval
{
    /// <summary>It is gone.</summary>
    /// <param name="Name">Its name as it was first written.</param>
    /// <param name="Revoked">The tokens that were good for it alone.</param>
    public sealed record Removed(string Name, IReadOnlyList<TokenRecord> Revoked) : SiteRemoval;

    /// <summary>There is none.</summary>
    public sealed record NotFound : SiteRemoval;

    /// <summary>It stays.</summary>
    /// <param name="Reason">Why, in sentences for a person.</param>
    public sealed record Refused(string Reason) : SiteRemoval;
}
