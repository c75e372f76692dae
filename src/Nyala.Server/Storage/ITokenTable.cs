namespace Nyala.Server.Storage;

/// <summary>The tokens that were created. The admin token in the data folder is not among them.</summary>
internal interface ITokenTable
{
    void Insert(TokenRecord token);

    /// <summary>Records the time at which a token was last used. Has no effect if the token does not exist.</summary>
    void Use(long id, DateTimeOffset time);

    TokenRecord? Find(long id);

    /// <summary>Lists at most <paramref name="limit"/> tokens with ids above <paramref name="after"/>, oldest first.</summary>
    IReadOnlyList<TokenRecord> List(long after, int limit);

    /// <summary>Lists tokens that expire up to a time, ordered by expiry and then by id.</summary>
    /// <param name="after">The expiry and the id of the last token that was read; the tokens after it are returned.</param>
    /// <param name="until">The latest expiry.</param>
    /// <param name="limit">The maximum number of tokens.</param>
    IReadOnlyList<TokenRecord> Expiring((DateTimeOffset Expires, long Id) after, DateTimeOffset until, int limit);

    /// <summary>Records how many days before the expiry the last warning was raised.</summary>
    void Warn(long id, int days);

    /// <summary>Lists the tokens that are limited to this site, oldest first.</summary>
    IReadOnlyList<TokenRecord> OfSite(string site);

    /// <summary>Removes the token; false if it does not exist.</summary>
    bool Remove(long id);
}
