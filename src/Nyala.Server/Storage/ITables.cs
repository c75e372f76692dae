namespace Nyala.Server.Storage;

/// <summary>The tables as one transaction sees them.</summary>
internal interface ITables
{
    ISiteTable Sites { get; }

    IHookTable Hooks { get; }

    IRunTable Runs { get; }

    ILogTable Log { get; }

    IEventTable Events { get; }

    IQueue Queue { get; }

    IDeliveryTable Deliveries { get; }

    IRenderedTable Rendered { get; }

    IRedeliveryTable Redeliveries { get; }

    IIdempotencyTable IdempotencyKeys { get; }

    IPushWebhookTable PushWebhooks { get; }

    ITokenTable Tokens { get; }

    IAuditTable Audit { get; }

    ISealTable Seals { get; }

    /// <summary>Writes a row and removes it again, to test whether a write reaches the disk.</summary>
    void Probe();
}
