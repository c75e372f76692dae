using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>What every lane of this node shares.</summary>
internal sealed record LaneParts(
    IStore Store,
    ActiveLanes Lanes,
    Epochs Epochs,
    Sender Sender,
    Targets Targets,
    OutcomeWriter Outcomes,
    AttemptSlots Slots,
    RetrySchedule Schedule,
    Breaker Breaker,
    DeliveryOptions Options,
    FirstAttempts FirstAttempts,
    HeldOutcomes Held,
    DeliveryInstruments Instruments,
    TimeProvider Clock,
    Random Random,
    ILogger<Lane> Logger);
