namespace Nyala.Server.Storage.Sqlite;

/// <summary>The tables over one connection.</summary>
/// <param name="session">The connection.</param>
/// <param name="matches">The match cache of the writing session; null for a reading session.</param>
internal sealed class SqliteTables(Session session, MatchCache? matches = null) : ITables
{
    public ISiteTable Sites { get; } = new SiteTable(session);

    public IHookTable Hooks { get; } = new HookTable(session, matches);

    public IRunTable Runs { get; } = new RunTable(session);

    public ILogTable Log { get; } = new LogTable(session);

    public IEventTable Events { get; } = new EventTable(session);

    public IDeliveryTable Deliveries { get; } = new DeliveryTable(session);

    public IRenderedTable Rendered { get; } = new RenderedTable(session);

    public IRedeliveryTable Redeliveries { get; } = new RedeliveryTable(session);

    public IIdempotencyTable IdempotencyKeys { get; } = new IdempotencyTable(session);

    public IPushWebhookTable PushWebhooks { get; } = new PushWebhookTable(session);

    public ITokenTable Tokens { get; } = new TokenTable(session);

    public IAuditTable Audit { get; } = new AuditTable(session);

    public ISealTable Seals { get; } = new SealTable(session);

    // No site has an empty name. Both statements count as changes, and the commit writes the page that they change.
    public void Probe()
    {
        session.Use("INSERT INTO sites (name, created) VALUES ('', 0)").Run();
        session.Use("DELETE FROM sites WHERE name = ''").Run();
    }
}
