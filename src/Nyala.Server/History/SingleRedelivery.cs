using Nyala.Server.Audit;
using Nyala.Server.Delivery;
using Nyala.Server.Events;
using Nyala.Server.Storage;

namespace Nyala.Server.History;

/// <summary>Resends one delivery: the same bytes under the same webhook-id.</summary>
internal sealed class SingleRedelivery(IStore store, IDispatcher dispatcher, Breaker breaker, AuditLog audit, TimeProvider clock)
{
    /// <summary>Requeues a delivery and waits for its attempt.</summary>
    /// <param name="site">The site whose hooks the caller sees; null for every site.</param>
    /// <param name="id">The delivery's id.</param>
    /// <param name="actor">The caller, for the audit log.</param>
    /// <param name="wait">The maximum time to wait. If zero, the call returns as soon as the requeued delivery is on disk.</param>
    /// <param name="cancellationToken">Cancels the wait, not the delivery.</param>
    /// <returns>Whether the delivery exists; why it was not requeued, or null if it was; and the number of attempts made before.</returns>
    public async Task<(bool Exists, string? Refusal, int Before)> RedeliverAsync(string? site, long id, Actor actor, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(tables => HistoryReads.FindDelivery(tables, site, id), cancellationToken) is not { } known)
        {
            return (false, null, 0);
        }

        using IFirstAttempts? attempt = wait > TimeSpan.Zero ? dispatcher.Expect(known.Event.Id) : null;
        (bool exists, string? refusal) = await store.WriteAsync(tables => Requeue(tables, site, id, actor));
        if (!exists || refusal is not null)
        {
            return (exists, refusal, known.Delivery.Attempts);
        }

        long hook = known.Delivery.Hook;
        await dispatcher.ChangedAsync(hook);
        dispatcher.Wake(hook);
        if (attempt is not null)
        {
            await attempt.WaitAsync([new AwaitedDelivery(id, hook)], wait, cancellationToken);
        }

        return (true, null, known.Delivery.Attempts);
    }

    /// <summary>If the hook's breaker is open, makes its probe due at once, because a redelivery suggests that the receiver is back.</summary>
    internal static void Probe(ITables tables, Breaker breaker, HookRecord hook, DateTimeOffset now)
    {
        if (breaker.IsOpen(hook.Health) && hook.Health.HeldUntil > now)
        {
            tables.Hooks.SetHealth(hook.Id, hook.Health with { HeldUntil = now });
        }
    }

    private (bool Exists, string? Refusal) Requeue(ITables tables, string? site, long id, Actor actor)
    {
        if (HistoryReads.FindDelivery(tables, site, id) is not { } facts)
        {
            return (false, null);
        }

        if (RedeliveryRule.Refuse(facts.Delivery, facts.Hook) is { } refusal)
        {
            return (true, refusal);
        }

        DateTimeOffset now = clock.GetUtcNow();
        HookRecord hook = facts.Hook!;
        tables.Queue.Requeue(id, now);
        Probe(tables, breaker, hook, now);
        audit.Note(tables, actor, AuditActions.DeliveryRedelivered, id, hook.Site, ("hook", DeliveryView.Id(hook.Id)), ("event", DeliveryView.Id(facts.Event.Id)));
        return (true, null);
    }
}
