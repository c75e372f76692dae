namespace Nyala.Server.Storage;

/// <summary>The tokens that were created; the data folder's admin token is none of them.</summary>
internal interface ITokenTable
{
    void Insert(TokenRecord token);

    /// <summary>Remembers when a token was last used; nothing where it is gone.</summary>
    void Use(long id, DateTimeOffset time);

    TokenRecord? Find(long id);

    /// <summary>Every token, oldest first.</summary>
    IReadOnlyList<TokenRecord> List();

    /// <summary>Removes the token; false where there is none.</summary>
    bool Remove(long id);
}
