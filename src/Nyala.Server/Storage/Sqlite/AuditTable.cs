namespace Nyala.Server.Storage.Sqlite;

internal sealed class AuditTable(Session session) : IAuditTable
{
    private const string Columns = "id, time, token, actor, address, action, target, site, details";

    public void Insert(AuditRecord change) => session
        .Use($"INSERT INTO audit ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .Bind(change.Id).Bind(change.Time).Bind(change.Actor.Token).Bind(change.Actor.Name).Bind(change.Actor.Address)
        .Bind(change.Action).Bind(change.Target).Bind(change.Site).Bind(change.Details).Run();

    public IReadOnlyList<AuditRecord> List(long before, string? action, string? target, int limit) => session
        .Use($"SELECT {Columns} FROM audit WHERE id < ? AND action = coalesce(?, action) AND target = coalesce(?, target) ORDER BY id DESC LIMIT ?")
        .Bind(before).Bind(action).Bind(target).Bind((long)limit).All(Read);

    private static AuditRecord Read(Statement row) => new(
        row.Long(0), row.Time(1), new Actor(row.LongOrNull(2), row.Text(3), row.TextOrNull(4)), row.Text(5), row.Text(6), row.TextOrNull(7), row.Text(8));
}
