namespace Nyala.Server.Storage.Sqlite;

/// <summary>The tables over one connection.</summary>
internal sealed class SqliteTables : ITables
{
    private readonly Session _session;

    /// <param name="session">The connection.</param>
    /// <param name="matches">The match cache of the writing session; null for a reading session.</param>
    public SqliteTables(Session session, MatchCache? matches = null)
    {
        _session = session;
        var hooks = new HookTable(session, matches);
        var events = new EventTable(session);
        var attempts = new AttemptTable(session);
        var keys = new IdempotencyTable(session);
        (Hooks, Events, IdempotencyKeys) = (hooks, events, keys);
        var rendered = new RenderedTable(session);
        Queue = new Queue(session, hooks, events, attempts, rendered, keys);
        Rendered = rendered;
        Deliveries = new DeliveryTable(session, attempts);
        Sites = new SiteTable(session);
        Runs = new RunTable(session);
        Log = new LogTable(session);
        Redeliveries = new RedeliveryTable(session);
        PushWebhooks = new PushWebhookTable(session);
        Tokens = new TokenTable(session);
        Audit = new AuditTable(session);
        Seals = new SealTable(session);
    }

    public ISiteTable Sites { get; }

    public IHookTable Hooks { get; }

    public IRunTable Runs { get; }

    public ILogTable Log { get; }

    public IEventTable Events { get; }

    public IQueue Queue { get; }

    public IDeliveryTable Deliveries { get; }

    public IRenderedTable Rendered { get; }

    public IRedeliveryTable Redeliveries { get; }

    public IIdempotencyTable IdempotencyKeys { get; }

    public IPushWebhookTable PushWebhooks { get; }

    public ITokenTable Tokens { get; }

    public IAuditTable Audit { get; }

    public ISealTable Seals { get; }

    // No site has an empty name. Both statements count as changes, and the commit writes the page that they change.
    public void Probe()
    {
        _session.Use("INSERT INTO sites (name, created) VALUES ('', 0)").Run();
        _session.Use("DELETE FROM sites WHERE name = ''").Run();
    }
}
