namespace Nyala.Server.Storage;

/// <summary>The tables, as one transaction sees them.</summary>
internal interface ITables
{
    ISiteTable Sites { get; }

    IHookTable Hooks { get; }

    IRunTable Runs { get; }

    ILogTable Log { get; }

    IEventTable Events { get; }

    IDeliveryTable Deliveries { get; }

    IRedeliveryTable Redeliveries { get; }

    IPublicationTable Publications { get; }

    ITokenTable Tokens { get; }

    IAuditTable Audit { get; }
}
