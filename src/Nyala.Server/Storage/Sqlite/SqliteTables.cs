namespace Nyala.Server.Storage.Sqlite;

/// <summary>The tables over one connection.</summary>
internal sealed class SqliteTables(Session session) : ITables
{
    public ISiteTable Sites { get; } = new SiteTable(session);

    public IHookTable Hooks { get; } = new HookTable(session);

    public IRunTable Runs { get; } = new RunTable(session);

    public ILogTable Log { get; } = new LogTable(session);

    public IEventTable Events { get; } = new EventTable(session);

    public IDeliveryTable Deliveries { get; } = new DeliveryTable(session);

    public IRedeliveryTable Redeliveries { get; } = new RedeliveryTable(session);

    public IPublicationTable Publications { get; } = new PublicationTable(session);

    public ITokenTable Tokens { get; } = new TokenTable(session);

    public IAuditTable Audit { get; } = new AuditTable(session);
}
