using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>The services that all lanes of this node share.</summary>
internal sealed record LaneParts(
    IStore Store,
    ActiveLanes Lanes,
    Epochs Epochs,
    ITargets Targets,
    OutcomeWriter Outcomes,
    AttemptSlots Slots,
    AccountLimits Accounts,
    RetrySchedule Schedule,
    Breaker Breaker,
    DeliveryOptions Options,
    FirstAttempts FirstAttempts,
    HeldOutcomes Held,
    DeliveryInstruments Instruments,
    TimeProvider Clock,
    Random Random,
    ILogger<Lane> Logger);
