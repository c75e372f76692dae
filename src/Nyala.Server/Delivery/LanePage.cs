using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>A page that a lane reads: its hook as it is now, the next due deliveries, and when to read again.</summary>
/// <param name="Hook">The hook; null if it was removed.</param>
/// <param name="Whole">Whether the store has no more due deliveries for this lane to read. True if the hook is not active.</param>
/// <param name="NextDue">When the next delivery will be due; null if there is none, or if the hook is not active.</param>
internal sealed record LanePage(HookRecord? Hook, IReadOnlyList<DueDelivery> Due, bool Whole, DateTimeOffset? NextDue)
{
    /// <summary>The maximum number of deliveries in a page. With <see cref="MaxBytes"/>, it limits the memory of a lane, however long its queue is.</summary>
    public const int MaxDeliveries = 256;

    public const long MaxBytes = 4 * 1024 * 1024;

    public static LanePage Read(ITables tables, long hook, DateTimeOffset now, IReadOnlySet<long> known, int limit)
    {
        HookRecord? record = tables.Hooks.Find(hook);
        if (record is not { State: HookState.Active })
        {
            return new LanePage(record, [], Whole: true, NextDue: null);
        }

        IReadOnlyList<DueDelivery> due = tables.Deliveries.Due(hook, now, known, limit, MaxBytes);
        bool whole = due.Count < limit && due.Sum(delivery => (long)delivery.Body.Length) < MaxBytes;
        return new LanePage(record, due, whole, tables.Deliveries.NextDue(hook, now));
    }
}
