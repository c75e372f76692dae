using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>A delivery that a worker has taken.</summary>
/// <param name="Target">The target it is sent under. If that is withdrawn, an attempt that is not on the wire does not begin.</param>
/// <param name="Probe">Whether its attempt probes a receiver that was failing.</param>
internal sealed record LaneJob(DueDelivery Delivery, Target Target, bool Probe);
