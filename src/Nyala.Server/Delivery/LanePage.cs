using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>A page that a lane reads: its hook as it is now, the next due deliveries, and when to read again.</summary>
/// <param name="Hook">Null if the hook was removed.</param>
/// <param name="Whole">Whether everything due is in <paramref name="Due"/>.</param>
/// <param name="NextDue">When the next delivery will be due.</param>
internal sealed record LanePage(HookRecord? Hook, IReadOnlyList<DueDelivery> Due, bool Whole, DateTimeOffset? NextDue)
{
    /// <summary>The most deliveries in a page. With <see cref="MaxBytes"/> it limits what a lane holds, however long its queue.</summary>
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
