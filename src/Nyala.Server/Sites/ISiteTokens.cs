using Nyala.Server.Storage;

namespace Nyala.Server.Sites;

/// <summary>The tokens that are limited to one site.</summary>
internal interface ISiteTokens
{
    /// <summary>Revokes the tokens of a site in the transaction that removes the site, and records each in the audit log.</summary>
    /// <returns>The revoked tokens. Pass them to <see cref="Forget"/> once the transaction is on disk.</returns>
    IReadOnlyList<TokenRecord> Revoke(ITables tables, string site, Actor actor);

    /// <summary>Removes revoked tokens from memory. Until then, they still give access.</summary>
    void Forget(IReadOnlyList<TokenRecord> revoked);
}
