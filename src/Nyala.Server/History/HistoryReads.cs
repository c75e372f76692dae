using Nyala.Server.Delivery;
using Nyala.Server.Hooks;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.History;

/// <summary>
/// Reads the history. A request for a site sees the events of that site and the deliveries to its hooks; a request at the root (site null) sees everything.
/// <see cref="Access.AccessRule"/> has already checked that the token is valid for the site in the path.
/// </summary>
internal sealed class HistoryReads(IStore store)
{
    private const int MaxDeliveries = 100;

    /// <summary>Finds deliveries, newest first.</summary>
    public Task<Page<DeliveryFacts>> DeliveriesAsync(DeliveryQuery query, CancellationToken cancellationToken) =>
        store.SearchAsync(tables => Deliveries(tables, query), cancellationToken);

    /// <summary>Reads a delivery with its body and attempts. Returns null if it does not exist, or belongs to a hook of another site.</summary>
    public Task<DeliveryDetails?> DeliveryAsync(string? site, long id, CancellationToken cancellationToken) => store.ReadAsync(
        tables => FindDelivery(tables, site, id) is { } facts
            ? new DeliveryDetails(facts, facts.ReadBody(tables), tables.Deliveries.Attempts(id))
            : null,
        cancellationToken);

    /// <summary>Reads a delivery as a list shows it. Returns null if it does not exist, or belongs to a hook of another site.</summary>
    public Task<DeliveryFacts?> DeliveryHeadAsync(string? site, long id, CancellationToken cancellationToken) =>
        store.ReadAsync(tables => FindDelivery(tables, site, id), cancellationToken);

    /// <summary>
    /// Whether a hook's history can be read here. The deliveries of a removed hook are kept, but its site is no longer known, so only the root shows them.
    /// </summary>
    public Task<bool> KnowsHookAsync(string? site, long id, CancellationToken cancellationToken) => store.ReadAsync(
        tables => tables.Hooks.Find(id) is { } hook ? HookVisibility.IsVisibleAt(hook, site) : site is null && tables.Deliveries.OfHook(id, 1).Count > 0,
        cancellationToken);

    /// <summary>Finds events, newest first.</summary>
    public Task<Page<EventHead>> EventsAsync(EventQuery query, CancellationToken cancellationToken) =>
        store.SearchAsync(tables => tables.Events.Search(query), cancellationToken);

    /// <summary>Reads an event with its newest deliveries. Returns null if it does not exist, or belongs to another site.</summary>
    /// <param name="site">The site in the path; null at the root.</param>
    /// <param name="id">The event's id.</param>
    /// <param name="withBody">Whether to read the event's body.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public Task<EventDetails?> EventAsync(string? site, long id, bool withBody, CancellationToken cancellationToken) => store.SearchAsync(
        tables => tables.Events.FindHead(id) is { } head && (site is null || site.Equals(head.Site, StringComparison.OrdinalIgnoreCase))
            ? new EventDetails(
                head,
                withBody ? tables.Events.Body(id) : null,
                Deliveries(tables, new DeliveryQuery { Event = id, Site = site, Limit = MaxDeliveries }).Entries)
            : null,
        cancellationToken);

    /// <summary>Lists a hook's bulk redeliveries, newest first. Returns null if the hook does not exist, or belongs to another site.</summary>
    public Task<Page<RedeliveryRecord>?> BulkRedeliveriesAsync(string? site, long hook, Paging page, CancellationToken cancellationToken) => store.SearchAsync(
        tables => tables.Hooks.Find(hook) is { } found && HookVisibility.IsVisibleAt(found, site)
            ? Page<RedeliveryRecord>.Of(tables.Redeliveries.OfHook(hook, page.Before, page.Limit + 1), page.Limit, redelivery => redelivery.Id)
            : null,
        cancellationToken);

    /// <summary>Reads a bulk redelivery. Returns null if it does not exist, or belongs to a hook of another site.</summary>
    public Task<RedeliveryRecord?> BulkRedeliveryAsync(string? site, long id, CancellationToken cancellationToken) =>
        store.ReadAsync(tables => FindBulkRedelivery(tables, site, id).Redelivery, cancellationToken);

    /// <summary>Finds a delivery within a transaction. Returns null if it does not exist, or belongs to a hook of another site.</summary>
    internal static DeliveryFacts? FindDelivery(ITables tables, string? site, long id) =>
        tables.Deliveries.Find(id) is { } delivery
        && DeliveryFacts.Read(tables, delivery) is var facts
        && (site is null || (facts.Hook is { } hook && HookVisibility.IsVisibleAt(hook, site)))
            ? facts
            : null;

    /// <summary>Finds a bulk redelivery within a transaction, with the site of its hook.</summary>
    internal static (RedeliveryRecord? Redelivery, string? HookSite) FindBulkRedelivery(ITables tables, string? site, long id)
    {
        RedeliveryRecord? found = tables.Redeliveries.Find(id);
        HookRecord? hook = found is null ? null : tables.Hooks.Find(found.Hook);
        return site is null || (hook is not null && HookVisibility.IsVisibleAt(hook, site)) ? (found, hook?.Site) : (null, null);
    }

    private static Page<DeliveryFacts> Deliveries(ITables tables, DeliveryQuery query) =>
        tables.Deliveries.Search(query).Select(delivery => DeliveryFacts.Read(tables, delivery));
}

/// <summary>A delivery with its body and attempts.</summary>
internal sealed record DeliveryDetails(DeliveryFacts Facts, byte[]? Body, IReadOnlyList<AttemptRecord> Attempts);

/// <summary>An event with its body, if it was read, and its newest deliveries.</summary>
internal sealed record EventDetails(EventHead Head, byte[]? Body, IReadOnlyList<DeliveryFacts> Deliveries);
