namespace Nyala.Server.Storage.Sqlite;

internal sealed class SiteTable(Session session) : ISiteTable
{
    public string Touch(string name, DateTimeOffset now)
    {
        if (Find(name) is { } known)
        {
            return known;
        }

        session.Use("INSERT INTO sites (name, created) VALUES (?, ?)").Bind(name).Bind(now).Run();
        return name;
    }

    public string? Find(string name) => session.Use("SELECT name FROM sites WHERE name = ?").Bind(name).First(row => row.Text(0));
}
