namespace Nyala.Server.Storage.Sqlite;

internal sealed class SealTable(Session session) : ISealTable
{
    public IReadOnlyList<SealRecord> List() => session.Use("SELECT key, sealed FROM seals ORDER BY key").All(row => new SealRecord(row.Text(0), row.Text(1)));

    public void Put(SealRecord seal) =>
        session.Use("INSERT INTO seals (key, sealed) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET sealed = excluded.sealed").Bind(seal.Key).Bind(seal.Sealed).Run();

    public IReadOnlyList<(string Owner, string Encrypted)> Secrets() =>
    [
        .. session
            .Use("SELECT id, secret, old_secret, user_info, headers, client_certificate, format_settings FROM hooks")
            .All(row => Enumerable.Range(1, 6).Select(column => ($"hook {row.Long(0)}", row.TextOrNull(column))).ToArray())
            .SelectMany(texts => texts)
            .Where(item => item.Item2 is not null)
            .Select(item => (item.Item1, item.Item2!)),
        .. session.Use("SELECT site, name, value FROM site_settings").All(row => ($"setting {row.Text(1)} of the site {row.Text(0)}", row.Text(2))),
    ];
}
