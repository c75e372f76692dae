namespace Nyala.Server.Storage;

/// <summary>The tokens that were created; the data folder's admin token is none of them.</summary>
internal interface ITokenTable
{
    void Insert(TokenRecord token);

    /// <summary>Remembers when a token was last used; nothing if it is gone.</summary>
    void Use(long id, DateTimeOffset time);

    TokenRecord? Find(long id);

    /// <summary>The tokens with ids above <paramref name="after"/>, oldest first; at most <paramref name="limit"/>.</summary>
    IReadOnlyList<TokenRecord> List(long after, int limit);

    /// <summary>Tokens that expire up to a time, by their end and then their id.</summary>
    /// <param name="after">The end and the id of the last one that was read; those behind it are returned.</param>
    /// <param name="until">The latest end.</param>
    /// <param name="limit">How many at most.</param>
    IReadOnlyList<TokenRecord> Expiring((DateTimeOffset Expires, long Id) after, DateTimeOffset until, int limit);

    /// <summary>Remembers how many days before its end a warning was raised.</summary>
    void Warn(long id, int days);

    /// <summary>The tokens that are good for this site alone, oldest first.</summary>
    IReadOnlyList<TokenRecord> OfSite(string site);

    /// <summary>Removes the token; false if there is none.</summary>
    bool Remove(long id);
}
