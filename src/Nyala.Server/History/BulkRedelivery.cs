using System.Globalization;
using Nyala.Server.Audit;
using Nyala.Server.Delivery;
using Nyala.Server.Hooks;
using Nyala.Server.Storage;

namespace Nyala.Server.History;

/// <summary>Starts and stops bulk redeliveries. At a site, it can do so only for that site's hooks.</summary>
internal sealed class BulkRedelivery(
    IStore store, IdSource ids, BulkRedeliveryWorker worker, AuditLog audit, TimeProvider clock)
{
    /// <summary>Starts a bulk redelivery.</summary>
    /// <returns>Whether the hook exists; the redelivery, or null if it was not started; and the reason if it was refused.</returns>
    public async Task<(bool Exists, RedeliveryRecord? Begun, string? Refusal)> BeginAsync(
        string? site, long hook, DeliveryState state, DateTimeOffset since, DateTimeOffset until, Actor actor)
    {
        long id = ids.Next();
        (bool exists, RedeliveryRecord? begun, string? refusal) = await store.WriteAsync(tables =>
        {
            if (tables.Hooks.Find(hook) is not { } found || !HookVisibility.IsVisibleAt(found, site))
            {
                return (false, default(RedeliveryRecord), default(string));
            }

            if (RedeliveryRule.Refuse(found) is { } reason)
            {
                return (true, null, reason);
            }

            if (tables.Redeliveries.OpenOf(hook) is { } open)
            {
                return (true, null, $"Redelivery {open.Id} of this hook is still in progress. To see its progress, use GET /api/redeliveries/{open.Id}. To stop it, use DELETE /api/redeliveries/{open.Id}.");
            }

            DateTimeOffset now = clock.GetUtcNow();
            var redelivery = new RedeliveryRecord(id, hook, state, since, until, Cursor: 0, Done: 0, now);
            tables.Redeliveries.Insert(redelivery);
            Note(tables, actor, AuditActions.RedeliveryBegun, redelivery, found.Site);
            return (true, redelivery, null);
        });
        if (begun is not null)
        {
            worker.Wake();
        }

        return (exists, begun, refusal);
    }

    /// <summary>Stops a bulk redelivery. Returns null if it does not exist. Deliveries that it has already requeued are still sent.</summary>
    public Task<RedeliveryRecord?> StopAsync(string? site, long id, Actor actor) => store.WriteAsync(tables =>
    {
        (RedeliveryRecord? redelivery, string? hookSite) = HistoryReads.FindBulkRedelivery(tables, site, id);
        if (redelivery is null || !tables.Redeliveries.End(id, "It was stopped.", clock.GetUtcNow()))
        {
            return redelivery;
        }

        Note(tables, actor, AuditActions.RedeliveryStopped, redelivery, hookSite);
        return tables.Redeliveries.Find(id);
    });

    private void Note(ITables tables, Actor actor, string action, RedeliveryRecord redelivery, string? site) => audit.Note(
        tables, actor, action, redelivery.Id, site, ("hook", DeliveryView.Id(redelivery.Hook)), ("state", DeliveryView.Word(redelivery.State)),
        ("since", redelivery.Since.ToString("u", CultureInfo.InvariantCulture)), ("until", redelivery.Until.ToString("u", CultureInfo.InvariantCulture)));
}
