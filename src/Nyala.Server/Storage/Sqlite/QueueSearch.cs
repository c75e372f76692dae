namespace Nyala.Server.Storage.Sqlite;

/// <summary>
/// Finds the newest pending deliveries. The queue is ordered by hook and due time, not by id, so all of its rows in question are compared. To read a row costs
/// several times as much as to skip it. The search therefore goes backwards, where the newest deliveries of a hook usually come first, and skips each row that
/// is older than all it has kept.
/// </summary>
internal sealed class QueueSearch(Session session)
{
    /// <summary>The maximum number of rows that a search compares, which takes a few milliseconds.</summary>
    internal const int MaxCompared = 65_536;

    private const int RowsAtOnce = 2048;

    private const string HasMore = "SELECT 1 FROM queue LIMIT 1 OFFSET ?";
    private const string CountOfHook = "SELECT count(*) FROM (SELECT 1 FROM queue WHERE hook = ? LIMIT ?)";

    // Most rows fail the first condition.
    private const string InRange = "delivery >= ?4 AND delivery < ?5 ";
    private const string Backwards = "ORDER BY hook DESC, due DESC, delivery DESC LIMIT ?6";
    private const string OfAll = $"SELECT delivery, hook, due FROM queue WHERE {InRange} AND (hook, due, delivery) < (?1, ?2, ?3) {Backwards}";
    private const string OfHook = $"SELECT delivery, hook, due FROM queue WHERE {InRange} AND hook = ?1 AND (due, delivery) < (?2, ?3) {Backwards}";

    /// <summary>Returns the newest pending deliveries in a range of ids, newest first; null if the queue has too many to compare.</summary>
    /// <param name="hooks">Their hooks; null for all.</param>
    /// <param name="before">The id below which to search.</param>
    /// <param name="from">The lowest id.</param>
    /// <param name="limit">The maximum number of deliveries.</param>
    public List<long>? Newest(IReadOnlyList<long>? hooks, long before, long from, int limit)
    {
        if (HasTooMany(hooks))
        {
            return null;
        }

        // The oldest one that was kept comes first.
        var newest = new PriorityQueue<long, long>(limit);
        foreach (long hook in hooks ?? [long.MaxValue])
        {
            Search(hooks is null ? OfAll : OfHook, hook, before, from, limit, newest);
        }

        return [.. newest.UnorderedItems.Select(item => item.Element).OrderDescending()];
    }

    private bool HasTooMany(IReadOnlyList<long>? hooks)
    {
        int left = MaxCompared;
        return session.Use(HasMore).Bind(MaxCompared).First(row => row.Bool(0))
            && hooks?.All(hook => (left -= session.Use(CountOfHook).Bind(hook).Bind(left + 1).First(row => row.Int(0))) >= 0) != true;
    }

    private void Search(string way, long lastHook, long before, long from, int limit, PriorityQueue<long, long> newest)
    {
        (long Hook, long Due, long Delivery) at = (lastHook, long.MaxValue, long.MaxValue);
        int read;
        do
        {
            long lowest = newest.Count == limit ? newest.Peek() + 1 : from;
            Statement rows = session.Use(way).Bind(at.Hook).Bind(at.Due).Bind(at.Delivery).Bind(lowest).Bind(before).Bind(RowsAtOnce);
            for (read = 0; read < RowsAtOnce && rows.Step(); read++)
            {
                long delivery = rows.Long(0);
                if (newest.Count < limit)
                {
                    newest.Enqueue(delivery, delivery);
                }
                else
                {
                    newest.EnqueueDequeue(delivery, delivery);
                }

                if (read == RowsAtOnce - 1)
                {
                    at = (rows.Long(1), rows.Long(2), delivery);
                }
            }

            rows.Stop();
        }
        while (read == RowsAtOnce);
    }
}
