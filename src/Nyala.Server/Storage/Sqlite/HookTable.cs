namespace Nyala.Server.Storage.Sqlite;

internal sealed class HookTable(Session session, MatchCache? cache) : IHookTable
{
    private const string Settings =
        "user_info, insecure_ssl, secret, old_secret, old_until, description, filter, ordered, rate, headers, authority, client_certificate, "
        + "state, state_reason, state_since, format, log_lines, format_settings";

    private const string Columns =
        $"id, site, event, url, {Settings}, epoch, created, last_status, last_reason, last_time, last_event, failures, failing_since, held_until, probes";

    /// <summary>The columns of a hook that the match cache keeps. Formats other than Kudu's may have a rate limit.</summary>
    private const string Listening = "id, state, filter, rate IS NOT NULL OR format IS NOT NULL, held_until, log_lines";

    private const string Root = "";

    public void Insert(HookRecord hook)
    {
        Statement insert = session
            .Use($"INSERT INTO hooks (id, site, event, url, created, {Settings}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .Bind(hook.Id).Bind(hook.Site ?? Root).Bind(hook.Event).Bind(hook.Url).Bind(hook.Created);
        BindSettings(insert, hook).Run();
        CarryOver(hook.Id);
    }

    public void Update(HookRecord hook)
    {
        Statement update = session.Use($"UPDATE hooks SET ({Settings}) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?");
        BindSettings(update, hook).Bind(hook.Id).Run();
        CarryOver(hook.Id);
    }

    public void SetState(long id, HookState state, string? reason, DateTimeOffset now)
    {
        session.Use("UPDATE hooks SET state = ?, state_reason = ?, state_since = ? WHERE id = ?").Bind((long)state).Bind(reason).Bind(now).Bind(id).Run();
        CarryOver(id);
    }

    public bool Remove(long id)
    {
        cache?.Remove(id);
        return session.Use("DELETE FROM hooks WHERE id = ?").Bind(id).Run() > 0;
    }

    public HookRecord? Find(long id) => session.Use($"SELECT {Columns} FROM hooks WHERE id = ?").Bind(id).First(Read);

    public HookRecord? FindByUrl(string? site, string url) =>
        session.Use($"SELECT {Columns} FROM hooks WHERE site = ? AND url = ?").Bind(site ?? Root).Bind(url).First(Read);

    public Page<HookRecord> List(string? site, IReadOnlyCollection<HookState> states, long after, int limit)
    {
        HookState? only = states.Count == 1 ? states.First() : null;
        Statement hooks = (site, only) switch
        {
            (null, null) => session.Use($"SELECT {Columns} FROM hooks WHERE id > ? ORDER BY id").Bind(after),
            (null, { } state) => session.Use($"SELECT {Columns} FROM hooks INDEXED BY hooks_of_state WHERE state = ? AND id > ? ORDER BY id").Bind((long)state).Bind(after),
            (_, null) => session.Use($"SELECT {Columns} FROM hooks INDEXED BY hooks_of_site WHERE site = ? AND id > ? ORDER BY id").Bind(site).Bind(after),
            var (_, state) => session.Use($"SELECT {Columns} FROM hooks INDEXED BY hooks_of_state_at_site WHERE site = ? AND state = ? AND id > ? ORDER BY id")
                .Bind(site).Bind((long)state).Bind(after),
        };
        return BoundedScan.Take(hooks.Rows(Read), hook => hook.Id, hook => states.Contains(hook.State), limit);
    }

    // The prefix followed by the last Unicode character sorts after every URL that starts with the prefix.
    public IReadOnlyList<(long Id, string Url)> WithUrlFrom(string? site, string beginning, int limit) => session
        .Use("SELECT id, url FROM hooks WHERE site = ? AND url >= ? AND url < ? ORDER BY url LIMIT ?")
        .Bind(site ?? Root).Bind(beginning).Bind(beginning + "\U0010FFFF").Bind(limit).All(row => (row.Long(0), row.Text(1)));

    public int Count(string? site, int most) => session
        .Use("SELECT count(*) FROM (SELECT 1 FROM hooks INDEXED BY hooks_of_site WHERE site = ? LIMIT ?)").Bind(site ?? Root).Bind(most).First(row => row.Int(0));

    /// <summary>Returns the hooks that receive events of this type at this site: those of the site and those of the root, except hooks that are gone.</summary>
    public IReadOnlyList<MatchedHook> Match(string site, string type, DateTimeOffset now) => Listeners(site, type).ConvertAll(hook => hook.At(now));

    /// <summary>Counts the hooks that match, whatever their filters are.</summary>
    public int CountMatches(string site, string type) => Listeners(site, type).Count;

    public IReadOnlyDictionary<HookState, int> CountByState(int most) => Enum.GetValues<HookState>().ToDictionary(state => state, state => session
        .Use("SELECT count(*) FROM (SELECT 1 FROM hooks INDEXED BY hooks_of_state WHERE state = ? LIMIT ?)").Bind((long)state).Bind(most)
        .First(row => row.Int(0)));

    public long? NextEpoch(long id) =>
        session.Use("UPDATE hooks SET epoch = epoch + 1 WHERE id = ?").Bind(id).Run() == 0 ? null : Epoch(id);

    public long? Epoch(long id) => session.Use("SELECT epoch FROM hooks WHERE id = ?").Bind(id).First<long?>(row => row.Long(0));

    /// <summary>Writes the newest attempt and the health of the hook after it.</summary>
    public void SetLastAttempt(long id, LastAttempt last, HookHealth health)
    {
        cache?.Hold(id, health.HeldUntil);
        session
            .Use(
                "UPDATE hooks SET last_status = ?, last_reason = ?, last_time = ?, last_event = ?, failures = ?, failing_since = ?, held_until = ?, "
                + "probes = ? WHERE id = ?")
            .Bind(last.Status).Bind(last.Reason).Bind(last.Time).Bind(last.Event)
            .Bind(health.Failures).Bind(health.FailingSince).Bind(health.HeldUntil).Bind(health.Probes).Bind(id).Run();
    }

    public void SetHealth(long id, HookHealth health)
    {
        cache?.Hold(id, health.HeldUntil);
        session.Use("UPDATE hooks SET failures = ?, failing_since = ?, held_until = ?, probes = ? WHERE id = ?")
            .Bind(health.Failures).Bind(health.FailingSince).Bind(health.HeldUntil).Bind(health.Probes).Bind(id).Run();
    }

    public void ShiftHolds(TimeSpan by, DateTimeOffset now)
    {
        cache?.Clear();
        session.Use("UPDATE hooks SET held_until = held_until - ? WHERE held_until > ?").Bind(by.Ticks).Bind(now).Run();
    }

    public int PruneGone(DateTimeOffset since, int limit) => session
        .Use("DELETE FROM hooks WHERE id IN (SELECT id FROM hooks WHERE state = 3 AND state_since < ? LIMIT ?)").Bind(since).Bind(limit).Run();

    private List<MatchCache.Entry> Listeners(string site, string type)
    {
        if (cache is null || !cache.TryGet(site, type, out List<MatchCache.Entry>? hooks))
        {
            hooks = session
                .Use($"SELECT {Listening} FROM hooks WHERE event IN (?, '*') AND site IN (?, '') AND state <> 3 ORDER BY id").Bind(type).Bind(site).All(ReadListening);
            cache?.Add(site, type, hooks);
        }

        return hooks;
    }

    private static MatchCache.Entry ReadListening(Statement row) => new()
    {
        Id = row.Long(0),
        State = (HookState)row.Int(1),
        Filter = row.TextOrNull(2),
        HasRate = row.Bool(3),
        HeldUntil = row.TimeOrNull(4),
        LogLines = row.Int(5),
    };

    /// <summary>Applies a change of a hook to the match cache.</summary>
    private void CarryOver(long id)
    {
        if (cache is null)
        {
            return;
        }

        (string Site, string Event, MatchCache.Entry Hook)? found = session
            .Use($"SELECT {Listening}, site, event FROM hooks WHERE id = ? AND state <> 3").Bind(id)
            .First<(string, string, MatchCache.Entry)?>(row => (row.Text(6), row.Text(7), ReadListening(row)));
        if (found is { } listening)
        {
            cache.Put(listening.Site, listening.Event, listening.Hook);
        }
        else
        {
            cache.Remove(id);
        }
    }

    private static Statement BindSettings(Statement statement, HookRecord hook) => statement
        .Bind(hook.UserInfo).Bind(hook.InsecureSsl).Bind(hook.Secret).Bind(hook.Retired?.Secret).Bind(hook.Retired?.Until)
        .Bind(hook.Description).Bind(hook.Filter).Bind(hook.Ordered).Bind(hook.Rate).Bind(hook.Headers).Bind(hook.Authority).Bind(hook.ClientCertificate)
        .Bind((long)hook.State).Bind(hook.StateReason).Bind(hook.StateSince).Bind(hook.Format).Bind((long)hook.LogLines).Bind(hook.FormatSettings);

    private static HookRecord Read(Statement row) => new()
    {
        Id = row.Long(0),
        Site = row.Text(1) is { Length: > 0 } site ? site : null,
        Event = row.Text(2),
        Url = row.Text(3),
        UserInfo = row.TextOrNull(4),
        InsecureSsl = row.Bool(5),
        Secret = row.Text(6),
        Retired = row.IsNull(7) ? null : new RetiredSecret(row.Text(7), row.Time(8)),
        Description = row.Text(9),
        Filter = row.TextOrNull(10),
        Ordered = row.Bool(11),
        Rate = (int?)row.LongOrNull(12),
        Headers = row.TextOrNull(13),
        Authority = row.TextOrNull(14),
        ClientCertificate = row.TextOrNull(15),
        State = (HookState)row.Int(16),
        StateReason = row.TextOrNull(17),
        StateSince = row.TimeOrNull(18),
        Format = row.TextOrNull(19),
        LogLines = row.Int(20),
        FormatSettings = row.TextOrNull(21),
        Epoch = row.Long(22),
        Created = row.Time(23),
        Last = row.IsNull(24) ? null : new LastAttempt(row.Text(24), row.TextOrNull(25), row.Time(26), row.Long(27)),
        Health = new HookHealth(row.Int(28), row.TimeOrNull(29), row.TimeOrNull(30), row.Int(31)),
    };
}
