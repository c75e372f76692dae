namespace Nyala.Server.Storage.Sqlite;

internal sealed class PublicationTable(Session session) : IPublicationTable
{
    public void Put(PublicationRecord publication) => session
        .Use("INSERT OR REPLACE INTO publications (site, key, digest, event, created) VALUES (?, ?, ?, ?, ?)")
        .Bind(publication.Site).Bind(publication.Key).Bind(publication.Digest).Bind(publication.Event).Bind(publication.Created).Run();

    public PublicationRecord? Find(string site, string key) => session
        .Use("SELECT site, key, digest, event, created FROM publications WHERE site = ? AND key = ?").Bind(site).Bind(key)
        .First(row => new PublicationRecord(row.Text(0), row.Text(1), row.Blob(2), row.Long(3), row.Time(4)));

    public int Prune(DateTimeOffset before, int limit) => session
        .Use("DELETE FROM publications WHERE (site, key) IN (SELECT site, key FROM publications WHERE created < ? ORDER BY created LIMIT ?)")
        .Bind(before).Bind(limit).Run();
}
