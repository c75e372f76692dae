namespace Nyala.Server.Storage.Sqlite;

internal sealed class PushWebhookTable(Session session) : IPushWebhookTable
{
    private const string Columns = "site, delivery, commit_id, deployment, run, received";

    public void Put(PushWebhookRecord push, int keep)
    {
        session.Use($"INSERT OR REPLACE INTO pushes ({Columns}) VALUES (?, ?, ?, ?, ?, ?)")
            .Bind(push.Site).Bind(push.Delivery).Bind(push.Commit).Bind(push.Deployment).Bind(push.Run).Bind(push.Received).Run();
        session.Use("DELETE FROM pushes WHERE site = ?1 AND received < (SELECT received FROM pushes WHERE site = ?1 ORDER BY received DESC LIMIT 1 OFFSET ?2)")
            .Bind(push.Site).Bind(keep - 1L).Run();
    }

    public PushWebhookRecord? Find(string site, string delivery) => session
        .Use($"SELECT {Columns} FROM pushes WHERE site = ? AND delivery = ?").Bind(site).Bind(delivery)
        .First(row => new PushWebhookRecord(row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Int(4), row.Time(5)));

    public void Forget(string site, string deployment) => session
        .Use("DELETE FROM pushes WHERE site = ? AND deployment = ?").Bind(site).Bind(deployment).Run();

    public string? Tip(string site, string branch) => session
        .Use("SELECT commit_id FROM fetched_tips WHERE site = ? AND branch = ? ORDER BY seen DESC LIMIT 1").Bind(site).Bind(branch).First(row => row.Text(0));

    public bool WasTip(string site, string branch, string commit) => session
        .Use("SELECT 1 FROM fetched_tips WHERE site = ? AND branch = ? AND commit_id = ?").Bind(site).Bind(branch).Bind(commit).First(_ => true);

    public void SetTip(string site, string branch, string commit, DateTimeOffset now, int keep)
    {
        // After the clock was set back, an older tip must not become the newest.
        session.Use(
            "INSERT OR REPLACE INTO fetched_tips (site, branch, commit_id, seen) "
            + "SELECT ?1, ?2, ?3, max(?4, coalesce((SELECT max(seen) + 1 FROM fetched_tips WHERE site = ?1 AND branch = ?2), 0))")
            .Bind(site).Bind(branch).Bind(commit).Bind(now).Run();
        session.Use(
            "DELETE FROM fetched_tips WHERE site = ?1 AND branch = ?2 AND seen < "
            + "(SELECT seen FROM fetched_tips WHERE site = ?1 AND branch = ?2 ORDER BY seen DESC LIMIT 1 OFFSET ?3)")
            .Bind(site).Bind(branch).Bind(keep - 1L).Run();
    }
}
