namespace Nyala.Server.Storage.Sqlite;

internal sealed class SiteTable(Session session) : ISiteTable
{
    private const string Settable = "declared, branch, command, keep, host";
    private const string Columns = $"name, created, {Settable}";

    public string Touch(string name, DateTimeOffset now)
    {
        if (session.Use("SELECT name FROM sites WHERE name = ?").Bind(name).First(row => row.Text(0)) is { } known)
        {
            return known;
        }

        session.Use("INSERT INTO sites (name, created) VALUES (?, ?)").Bind(name).Bind(now).Run();
        return name;
    }

    public SiteRecord? Find(string name) => session.Use($"SELECT {Columns} FROM sites WHERE name = ?").Bind(name).First(Read);

    public IReadOnlyList<SiteRecord> List(string after, int limit) =>
        session.Use($"SELECT {Columns} FROM sites WHERE name > ? ORDER BY name LIMIT ?").Bind(after).Bind(limit).All(Read);

    public void Insert(SiteRecord site) =>
        BindSettable(session.Use($"INSERT INTO sites ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?)").Bind(site.Name).Bind(site.Created), site).Run();

    public bool Update(SiteRecord site) =>
        BindSettable(session.Use($"UPDATE sites SET ({Settable}) = (?, ?, ?, ?, ?) WHERE name = ?"), site).Bind(site.Name).Run() > 0;

    public bool Remove(string name)
    {
        session.Use("DELETE FROM site_settings WHERE site = ?").Bind(name).Run();
        session.Use("DELETE FROM pushes WHERE site = ?").Bind(name).Run();
        session.Use("DELETE FROM fetched_tips WHERE site = ?").Bind(name).Run();
        session.Use("DELETE FROM idempotency_keys WHERE site = ?").Bind(name).Run();
        session.Use("UPDATE runs SET active = 0 WHERE site = ? AND active = 1").Bind(name).Run();
        return session.Use("DELETE FROM sites WHERE name = ?").Bind(name).Run() > 0;
    }

    public IReadOnlyList<SiteSetting> Settings(string site) =>
        session.Use("SELECT name, value FROM site_settings WHERE site = ? ORDER BY name").Bind(site).All(ReadSetting);

    public SiteSetting? Setting(string site, string name) =>
        session.Use("SELECT name, value FROM site_settings WHERE site = ? AND name = ?").Bind(site).Bind(name).First(ReadSetting);

    public int CountSettings(string site) => session.Use("SELECT count(*) FROM site_settings WHERE site = ?").Bind(site).First(row => row.Int(0));

    public void SetSetting(string site, SiteSetting setting) => session
        .Use("INSERT INTO site_settings (site, name, value) VALUES (?, ?, ?) ON CONFLICT (site, name) DO UPDATE SET name = excluded.name, value = excluded.value")
        .Bind(site).Bind(setting.Name).Bind(setting.Value).Run();

    public bool RemoveSetting(string site, string name) =>
        session.Use("DELETE FROM site_settings WHERE site = ? AND name = ?").Bind(site).Bind(name).Run() > 0;

    private static Statement BindSettable(Statement statement, SiteRecord site) =>
        statement.Bind(site.IsConfigured).Bind(site.Branch).Bind(site.Command).Bind(site.Keep).Bind(site.Host);

    private static SiteRecord Read(Statement row) => new(row.Text(0), row.Text(3), row.TextOrNull(4), row.Int(5), row.TextOrNull(6), row.Time(1))
    {
        IsConfigured = row.Bool(2),
    };

    private static SiteSetting ReadSetting(Statement row) => new(row.Text(0), row.Text(1));
}
