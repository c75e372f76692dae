using Nyala.Server.Storage;

namespace Nyala.Server.Sites;

/// <summary>The tokens that are good for one site alone.</summary>
internal interface ISiteTokens
{
    /// <summary>Revokes those of a site, within the work that removes it, and notes each.</summary>
    /// <returns>What <see cref="Forget"/> takes once the work is on disk.</returns>
    IReadOnlyList<TokenRecord> Revoke(ITables tables, string site, Actor actor);

    /// <summary>Has revoked tokens open nothing any more. Until then they are in memory.</summary>
    void Forget(IReadOnlyList<TokenRecord> revoked);
}
