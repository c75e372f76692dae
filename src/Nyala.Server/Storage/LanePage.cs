namespace Nyala.Server.Storage;

/// <summary>A page of its queue that a lane asks for.</summary>
/// <param name="Hook">The hook.</param>
/// <param name="Now">The time. Deliveries that are due later are not read.</param>
/// <param name="Known">The deliveries that the lane has already. They are not read.</param>
/// <param name="MaxDeliveries">The maximum number of deliveries.</param>
/// <param name="MaxBytes">The page ends with the delivery whose body exceeds this number of bytes in all.</param>
internal readonly record struct LaneQuery(long Hook, DateTimeOffset Now, IReadOnlySet<long> Known, int MaxDeliveries, long MaxBytes);

/// <summary>A page that a lane reads: its hook as it is now, the next due deliveries, and when to read again.</summary>
/// <param name="Hook">The hook; null if it was removed.</param>
/// <param name="Due">The deliveries that are due, oldest first; none if the hook is not active.</param>
/// <param name="Whole">Whether the store has no more due deliveries for this lane to read. True if the hook is not active.</param>
/// <param name="NextDue">When the next delivery will be due; null if there is none, or if the hook is not active.</param>
internal sealed record LanePage(HookRecord? Hook, IReadOnlyList<DueDelivery> Due, bool Whole, DateTimeOffset? NextDue);
