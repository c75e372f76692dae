using Nyala.Server.Storage;

namespace Nyala.Tests.Support;

/// <summary>Writes single deliveries and outcomes, for tests that need deliveries in certain states.</summary>
internal static class QueueExtensions
{
    /// <summary>
    /// Adds a delivery of a stored event. The server adds deliveries only together with their event, so each kind of store needs its own way for this.
    /// </summary>
    public static void AddDelivery(this ITables tables, long id, long @event, long hook, DateTimeOffset due) =>
        ((Nyala.Server.Storage.Sqlite.Queue)tables.Queue).Insert(id, @event, hook, place: null, due);

    /// <summary>Writes the newest attempt and the health of a hook, and no delivery.</summary>
    public static void RecordLastAttempt(this ITables tables, long hook, LastAttempt last, HookHealth health) => tables.Queue.Settle(
    [
        new Settlement(hook, tables.Hooks.Epoch(hook) ?? 0, 0, default, DeliveryState.Delivered, default, Attempt: null, Spent: null, Reason: null) { Last = last, Health = health },
    ]);

    /// <summary>Writes the new state of a delivery after an attempt, which is not recorded.</summary>
    public static void RecordOutcome(this ITables tables, long id, DeliveryState state, DateTimeOffset due, bool? spent, string? reason) =>
        tables.Settle(id, state, due, attempt: null, spent, reason);

    /// <summary>Records an attempt, and keeps its delivery pending if it is.</summary>
    public static void RecordAttempt(this ITables tables, AttemptRecord attempt)
    {
        DeliveryRecord? delivery = tables.Deliveries.Find(attempt.Delivery);
        tables.Settle(attempt.Delivery, DeliveryState.Pending, delivery?.Due ?? default, attempt, spent: null, reason: null);
    }

    /// <summary>Reads the due deliveries of a hook.</summary>
    public static IReadOnlyList<DueDelivery> Due(this ITables tables, long hook, DateTimeOffset now, IReadOnlySet<long> known, int limit, long bytes) =>
        tables.Queue.ReadPage(new LaneQuery(hook, now, known, limit, bytes)).Due;

    private static void Settle(this ITables tables, long id, DeliveryState state, DateTimeOffset due, AttemptRecord? attempt, bool? spent, string? reason)
    {
        DeliveryRecord? delivery = tables.Deliveries.Find(id);
        long hook = delivery?.Hook ?? 0;
        tables.Queue.Settle([new Settlement(hook, tables.Hooks.Epoch(hook) ?? 0, id, delivery?.Due ?? default, state, due, attempt, spent, reason)]);
    }
}
