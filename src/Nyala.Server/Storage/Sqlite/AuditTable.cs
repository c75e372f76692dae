namespace Nyala.Server.Storage.Sqlite;

internal sealed class AuditTable(Session session) : IAuditTable
{
    private const string Columns = "id, time, token, actor, address, action, target, site, details";

    public void Insert(AuditRecord change) => session
        .Use($"INSERT INTO audit ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .Bind(change.Id).Bind(change.Time).Bind(change.Actor.Token).Bind(change.Actor.Name).Bind(change.Actor.Address)
        .Bind(change.Action).Bind(change.Target).Bind(change.Site).Bind(change.Details).Run();

    public Page<AuditRecord> List(long before, string? action, string? target, int limit)
    {
        // If both filters are given, the index of the target is used, because a target has fewer entries than an action.
        Statement changes = (action, target) switch
        {
            (_, not null) => session.Use($"SELECT {Columns} FROM audit INDEXED BY audit_of_target WHERE target = ? AND id < ? ORDER BY id DESC").Bind(target).Bind(before),
            (not null, null) => session.Use($"SELECT {Columns} FROM audit INDEXED BY audit_of_action WHERE action = ? AND id < ? ORDER BY id DESC").Bind(action).Bind(before),
            _ => session.Use($"SELECT {Columns} FROM audit WHERE id < ? ORDER BY id DESC").Bind(before),
        };
        return BoundedScan.Take(changes.Rows(Read), change => change.Id, change => action is null || change.Action == action, limit);
    }

    private static AuditRecord Read(Statement row) => new(
        row.Long(0), row.Time(1), new Actor(row.LongOrNull(2), row.Text(3), row.TextOrNull(4)), row.Text(5), row.Text(6), row.TextOrNull(7), row.Text(8));
}
