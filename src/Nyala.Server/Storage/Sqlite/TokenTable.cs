namespace Nyala.Server.Storage.Sqlite;

internal sealed class TokenTable(Session session) : ITokenTable
{
    private const string Columns = "id, name, hash, scopes, site, created, expires, last_used";

    public void Insert(TokenRecord token) => session
        .Use($"INSERT INTO tokens ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .Bind(token.Id).Bind(token.Name).Bind(token.Hash).Bind((long)token.Scopes).Bind(token.Site)
        .Bind(token.Created).Bind(token.Expires).Bind(token.LastUsed).Run();

    public void Use(long id, DateTimeOffset time) => session.Use("UPDATE tokens SET last_used = ? WHERE id = ?").Bind(time).Bind(id).Run();

    public TokenRecord? Find(long id) => session.Use($"SELECT {Columns} FROM tokens WHERE id = ?").Bind(id).First(Read);

    public IReadOnlyList<TokenRecord> List() => session.Use($"SELECT {Columns} FROM tokens ORDER BY id").All(Read);

    public bool Remove(long id) => session.Use("DELETE FROM tokens WHERE id = ?").Bind(id).Run() > 0;

    private static TokenRecord Read(Statement row) => new()
    {
        Id = row.Long(0),
        Name = row.Text(1),
        Hash = row.Blob(2),
        Scopes = (Scopes)row.Int(3),
        Site = row.TextOrNull(4),
        Created = row.Time(5),
        Expires = row.TimeOrNull(6),
        LastUsed = row.TimeOrNull(7),
    };
}
