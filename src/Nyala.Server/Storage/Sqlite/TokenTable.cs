using Nyala.Server.Access;

namespace Nyala.Server.Storage.Sqlite;

internal sealed class TokenTable(Session session) : ITokenTable
{
    private const string Columns = "id, name, hash, scopes, site, created, expires, last_used, warned";

    public void Insert(TokenRecord token) => session
        .Use($"INSERT INTO tokens ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .Bind(token.Id).Bind(token.Name).Bind(token.Hash).Bind((long)token.Scopes).Bind(token.Site)
        .Bind(token.Created).Bind(token.Expires).Bind(token.LastUsed).Bind(token.Warned).Run();

    public void Use(long id, DateTimeOffset time) => session.Use("UPDATE tokens SET last_used = ? WHERE id = ?").Bind(time).Bind(id).Run();

    public TokenRecord? Find(long id) => session.Use($"SELECT {Columns} FROM tokens WHERE id = ?").Bind(id).First(Read);

    public IReadOnlyList<TokenRecord> List(long after, int limit) =>
        session.Use($"SELECT {Columns} FROM tokens WHERE id > ? ORDER BY id LIMIT ?").Bind(after).Bind(limit).All(Read);

    public IReadOnlyList<TokenRecord> Expiring((DateTimeOffset Expires, long Id) after, DateTimeOffset until, int limit) => session
        .Use($"SELECT {Columns} FROM tokens WHERE expires IS NOT NULL AND (expires, id) > (?, ?) AND expires <= ? ORDER BY expires, id LIMIT ?")
        .Bind(after.Expires).Bind(after.Id).Bind(until).Bind(limit).All(Read);

    public void Warn(long id, int days) => session.Use("UPDATE tokens SET warned = ? WHERE id = ?").Bind(days).Bind(id).Run();

    public IReadOnlyList<TokenRecord> OfSite(string site) => session.Use($"SELECT {Columns} FROM tokens WHERE site = ? ORDER BY id").Bind(site).All(Read);

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
        Warned = (int?)row.LongOrNull(8),
    };
}
