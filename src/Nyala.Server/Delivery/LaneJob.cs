using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>A delivery that a worker has taken, or several that one request carries.</summary>
/// <param name="Target">The target to send it to. If the target is withdrawn, an attempt that is not on the wire yet does not start.</param>
/// <param name="Probe">Whether the attempt is a probe of a receiver that was failing.</param>
internal sealed record LaneJob(DueDelivery Delivery, Target Target, bool Probe)
{
    /// <summary>Further deliveries that the same request carries, oldest first, if the channel combines deliveries.</summary>
    public IReadOnlyList<DueDelivery> More { get; init; } = [];

    /// <summary>All deliveries of the job, oldest first.</summary>
    public IEnumerable<DueDelivery> All => More.Prepend(Delivery);
}
