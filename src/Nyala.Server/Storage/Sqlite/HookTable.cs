namespace Nyala.Server.Storage.Sqlite;

internal sealed class HookTable(Session session) : IHookTable
{
    private const string Columns =
        "id, site, event, url, user_info, insecure_ssl, secret, state, epoch, created, last_status, last_reason, last_time, last_event";

    private const string Root = "";

    public void Insert(HookRecord hook) => session
        .Use("INSERT INTO hooks (id, site, event, url, user_info, insecure_ssl, secret, state, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .Bind(hook.Id).Bind(hook.Site ?? Root).Bind(hook.Event).Bind(hook.Url).Bind(hook.UserInfo).Bind(hook.InsecureSsl)
        .Bind(hook.Secret).Bind((long)hook.State).Bind(hook.Created).Run();

    public void Update(HookRecord hook) => session
        .Use("UPDATE hooks SET user_info = ?, insecure_ssl = ?, secret = ?, state = ? WHERE id = ?")
        .Bind(hook.UserInfo).Bind(hook.InsecureSsl).Bind(hook.Secret).Bind((long)hook.State).Bind(hook.Id).Run();

    public void SetState(long id, HookState state) =>
        session.Use("UPDATE hooks SET state = ? WHERE id = ?").Bind((long)state).Bind(id).Run();

    public bool Remove(long id) => session.Use("DELETE FROM hooks WHERE id = ?").Bind(id).Run() > 0;

    public HookRecord? Find(long id) => session.Use($"SELECT {Columns} FROM hooks WHERE id = ?").Bind(id).First(Read);

    public HookRecord? FindByUrl(string? site, string url) =>
        session.Use($"SELECT {Columns} FROM hooks WHERE site = ? AND url = ?").Bind(site ?? Root).Bind(url).First(Read);

    public IReadOnlyList<HookRecord> List(string? site) => site is null
        ? session.Use($"SELECT {Columns} FROM hooks ORDER BY id").All(Read)
        : session.Use($"SELECT {Columns} FROM hooks WHERE site = ? ORDER BY id").Bind(site).All(Read);

    public IReadOnlyList<(long Id, string Url)> Urls(string? site) =>
        session.Use("SELECT id, url FROM hooks WHERE site = ? ORDER BY id").Bind(site ?? Root).All(row => (row.Long(0), row.Text(1)));

    public IReadOnlyList<MatchedHook> Match(string site, string type) => session
        .Use("SELECT id, state FROM hooks WHERE event IN (?, '*') AND site IN (?, '') AND state <> 3 ORDER BY id")
        .Bind(type).Bind(site).All(row => new MatchedHook(row.Long(0), (HookState)row.Int(1)));

    public long? NextEpoch(long id) =>
        session.Use("UPDATE hooks SET epoch = epoch + 1 WHERE id = ?").Bind(id).Run() == 0 ? null : Epoch(id);

    public long? Epoch(long id) => session.Use("SELECT epoch FROM hooks WHERE id = ?").Bind(id).First<long?>(row => row.Long(0));

    public void Observe(long id, LastAttempt last) => session
        .Use("UPDATE hooks SET last_status = ?, last_reason = ?, last_time = ?, last_event = ? WHERE id = ?")
        .Bind(last.Status).Bind(last.Reason).Bind(last.Time).Bind(last.Event).Bind(id).Run();

    private static HookRecord Read(Statement row) => new()
    {
        Id = row.Long(0),
        Site = row.Text(1) is { Length: > 0 } site ? site : null,
        Event = row.Text(2),
        Url = row.Text(3),
        UserInfo = row.TextOrNull(4),
        InsecureSsl = row.Bool(5),
        Secret = row.Text(6),
        State = (HookState)row.Int(7),
        Epoch = row.Long(8),
        Created = row.Time(9),
        Last = row.IsNull(10) ? null : new LastAttempt(row.Text(10), row.TextOrNull(11), row.Time(12), row.Long(13)),
    };
}
