using Nyala.Client;

namespace Nyala.Server.Storage.Sqlite;

internal sealed class RunTable(Session session) : IRunTable
{
    private const string Columns =
        "id, site, deployment, number, run_key, status, status_text, author_email, author, deployer, message, progress, branch, "
        + "received, started, ended, last_success, active, heard, silent_after, given_up, performed";

    public void Insert(RunRecord run)
    {
        session.Use("UPDATE runs SET latest = 0 WHERE site = ? AND deployment = ? AND latest = 1").Bind(run.Site).Bind(run.Deployment).Run();
        YieldActive(run);
        Statement insert = session
            .Use($"INSERT INTO runs ({Columns}, latest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)")
            .Bind(run.Id).Bind(run.Site).Bind(run.Deployment).Bind(run.Number).Bind(run.Key);
        BindFacts(insert, run).Run();
    }

    public void Update(RunRecord run)
    {
        YieldActive(run);
        Statement update = session.Use(
            "UPDATE runs SET status = ?, status_text = ?, author_email = ?, author = ?, deployer = ?, message = ?, progress = ?, branch = ?, "
            + "received = ?, started = ?, ended = ?, last_success = ?, active = ?, heard = ?, silent_after = ?, given_up = ?, performed = ? WHERE id = ?");
        BindFacts(update, run).Bind(run.Id).Run();
    }

    public void Touch(long id, DateTimeOffset now) => session.Use("UPDATE runs SET heard = ? WHERE id = ?").Bind(now).Bind(id).Run();

    public RunRecord? FindLatest(string site, string deployment) => session
        .Use($"SELECT {Columns} FROM runs WHERE site = ? AND deployment = ? AND latest = 1").Bind(site).Bind(deployment).First(Read);

    public IReadOnlyList<RunRecord> FindAnywhere(string deployment) => session
        .Use($"SELECT {Columns} FROM runs WHERE deployment = ? AND latest = 1 LIMIT 2").Bind(deployment).All(Read);

    public RunRecord? FindByNumber(string site, string deployment, int number) => session
        .Use($"SELECT {Columns} FROM runs WHERE site = ? AND deployment = ? AND number = ?").Bind(site).Bind(deployment).Bind(number).First(Read);

    public RunRecord? FindByKey(string site, string deployment, string key) => session
        .Use($"SELECT {Columns} FROM runs WHERE site = ? AND deployment = ? AND run_key = ?").Bind(site).Bind(deployment).Bind(key).First(Read);

    public IReadOnlyList<RunRecord> List(string? site, int limit, DateTimeOffset? before)
    {
        DateTimeOffset end = before ?? DateTimeOffset.MaxValue;
        return site is null
            ? session.Use($"SELECT {Columns} FROM runs WHERE latest = 1 AND received < ? ORDER BY received DESC, id DESC LIMIT ?")
                .Bind(end).Bind(limit).All(Read)
            : session.Use($"SELECT {Columns} FROM runs WHERE latest = 1 AND site = ? AND received < ? ORDER BY received DESC, id DESC LIMIT ?")
                .Bind(site).Bind(end).Bind(limit).All(Read);
    }

    public IReadOnlyList<RunRecord> ListEvery(string? site, int limit, DateTimeOffset? before)
    {
        DateTimeOffset end = before ?? DateTimeOffset.MaxValue;
        return site is null
            ? session.Use($"SELECT {Columns} FROM runs WHERE received < ? ORDER BY received DESC, id DESC LIMIT ?").Bind(end).Bind(limit).All(Read)
            : session.Use($"SELECT {Columns} FROM runs WHERE site = ? AND received < ? ORDER BY received DESC, id DESC LIMIT ?").Bind(site).Bind(end).Bind(limit).All(Read);
    }

    public IReadOnlyList<RunRecord> RunsOf(string site, string deployment, long before, int limit) => session
        .Use($"SELECT {Columns} FROM runs WHERE site = ? AND deployment = ? AND number < ? ORDER BY number DESC LIMIT ?")
        .Bind(site).Bind(deployment).Bind(before).Bind(limit).All(Read);

    // Clients poll the next two methods, for one site or for all. Each of the four queries has an index in its order.
    public RunRecord? Latest(string? site) => site is null
        ? session.Use($"SELECT {Columns} FROM runs INDEXED BY runs_unfinished WHERE ended IS NULL AND latest = 1 ORDER BY received DESC LIMIT 1").First(Read)
            ?? session.Use($"SELECT {Columns} FROM runs INDEXED BY runs_last_ended WHERE latest = 1 AND ended IS NOT NULL ORDER BY ended DESC LIMIT 1").First(Read)
        : session
            .Use($"SELECT {Columns} FROM runs INDEXED BY runs_unfinished_at_site WHERE ended IS NULL AND latest = 1 AND site = ? ORDER BY received DESC LIMIT 1")
            .Bind(site).First(Read)
            ?? session
            .Use($"SELECT {Columns} FROM runs INDEXED BY runs_last_ended_at_site WHERE latest = 1 AND ended IS NOT NULL AND site = ? ORDER BY ended DESC LIMIT 1")
            .Bind(site).First(Read);

    public RunRecord? FirstSince(string? site, string deployer, DateTimeOffset since) => site is null
        ? session.Use($"SELECT {Columns} FROM runs INDEXED BY runs_of_deployer WHERE latest = 1 AND deployer = ? AND received >= ? ORDER BY received LIMIT 1")
            .Bind(deployer).Bind(since).First(Read)
        : session
            .Use($"SELECT {Columns} FROM runs INDEXED BY runs_of_deployer_at_site WHERE latest = 1 AND deployer = ? AND received >= ? AND site = ? ORDER BY received LIMIT 1")
            .Bind(deployer).Bind(since).Bind(site).First(Read);

    public RunRecord? Active(string site) =>
        session.Use($"SELECT {Columns} FROM runs WHERE site = ? AND active = 1").Bind(site).First(Read);

    public DateTimeOffset? LastSuccess(string site, DateTimeOffset until) => session
        .Use("SELECT max(ended) FROM runs WHERE site = ? AND status = 4 AND ended <= ?").Bind(site).Bind(until).First(row => row.TimeOrNull(0));

    public DeploymentStatus? StatusBefore(string site, DateTimeOffset ended, long except) => session
        .Use("SELECT status FROM runs WHERE site = ? AND ended <= ? AND id <> ? ORDER BY ended DESC, id DESC LIMIT 1")
        .Bind(site).Bind(ended).Bind(except).First<DeploymentStatus?>(row => (DeploymentStatus)row.Int(0));

    public IReadOnlyList<RunRecord> Silent(DateTimeOffset now, DateTimeOffset since, int limit) => session
        .Use($"SELECT {Columns} FROM runs INDEXED BY runs_unfinished WHERE ended IS NULL AND performed = 0 AND max(heard, ?) + silent_after <= ? LIMIT ?").Bind(since).Bind(now).Bind(limit).All(Read);

    public IReadOnlyList<RunRecord> InProgress() =>
        [.. session.Use($"SELECT {Columns} FROM runs INDEXED BY runs_performing WHERE ended IS NULL AND performed = 1").All(Read).OrderBy(run => run.Id)];

    public IReadOnlyList<RunRecord> Succeeded(string site, int limit) => session
        .Use($"SELECT {Columns} FROM runs INDEXED BY runs_performed WHERE site = ? AND status = 4 AND performed = 1 ORDER BY ended DESC, id DESC LIMIT ?")
        .Bind(site).Bind(limit).All(Read);

    public void Remove(string site, string deployment)
    {
        session.Use("INSERT INTO removed_logs (run) SELECT id FROM runs WHERE site = ? AND deployment = ?").Bind(site).Bind(deployment).Run();
        session.Use("DELETE FROM runs WHERE site = ? AND deployment = ?").Bind(site).Bind(deployment).Run();
    }

    private void YieldActive(RunRecord run)
    {
        if (run.Active)
        {
            session.Use("UPDATE runs SET active = 0 WHERE site = ? AND active = 1 AND id <> ?").Bind(run.Site).Bind(run.Id).Run();
        }
    }

    private static Statement BindFacts(Statement statement, RunRecord run) => statement
        .Bind((long)run.Status).Bind(run.StatusText).Bind(run.AuthorEmail).Bind(run.Author).Bind(run.Deployer).Bind(run.Message)
        .Bind(run.Progress).Bind(run.Branch).Bind(run.Received).Bind(run.Started).Bind(run.Ended).Bind(run.LastSuccess).Bind(run.Active)
        .Bind(run.Heard).Bind(run.SilentAfter.Ticks).Bind(run.GivenUp)
        .Bind(run.Performed);

    private static RunRecord Read(Statement row) => new()
    {
        Id = row.Long(0),
        Site = row.Text(1),
        Deployment = row.Text(2),
        Number = row.Int(3),
        Key = row.TextOrNull(4),
        Status = (DeploymentStatus)row.Int(5),
        StatusText = row.Text(6),
        AuthorEmail = row.Text(7),
        Author = row.Text(8),
        Deployer = row.Text(9),
        Message = row.Text(10),
        Progress = row.Text(11),
        Branch = row.TextOrNull(12),
        Received = row.Time(13),
        Started = row.Time(14),
        Ended = row.TimeOrNull(15),
        LastSuccess = row.TimeOrNull(16),
        Active = row.Bool(17),
        Heard = row.Time(18),
        SilentAfter = TimeSpan.FromTicks(row.Long(19)),
        GivenUp = row.Bool(20),
        Performed = row.Bool(21),
    };
}
