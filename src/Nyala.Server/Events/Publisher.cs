using Nyala.Server.Storage;

namespace Nyala.Server.Events;

/// <summary>Accepts events. Once a publication is committed, the event will be sent to every hook that matched.</summary>
internal sealed class Publisher(IStore store, IDispatcher dispatcher, IdSource ids, TimeProvider clock, FilterCache filters, EventsInstruments instruments)
{
    /// <summary>Begins a publication whose event the caller accepts in a transaction.</summary>
    /// <param name="wait">Whether the caller will wait for the first attempts.</param>
    public Publication Begin(bool wait) => new(dispatcher, ids, clock, filters, instruments, wait);

    /// <summary>Accepts an event in a transaction, and waits for the first attempts.</summary>
    /// <param name="newEvent">The event.</param>
    /// <param name="wait">The maximum time to wait. If zero, the call returns as soon as the event is durable.</param>
    /// <param name="cancellationToken">Cancels the wait, not the event.</param>
    public Task PublishAsync(NewEvent newEvent, TimeSpan wait, CancellationToken cancellationToken) =>
        PublishAsync(newEvent, null, wait, cancellationToken);

    /// <summary>Accepts an event once for its idempotency key, if it has one. If the event was accepted before, there is no wait.</summary>
    /// <param name="newEvent">The event.</param>
    /// <param name="key">The idempotency key; null if there is none.</param>
    /// <param name="wait">The maximum time to wait. If zero, the call returns as soon as the event is durable.</param>
    /// <param name="cancellationToken">Cancels the wait, not the event.</param>
    public async Task<AcceptResult> PublishAsync(NewEvent newEvent, IdempotencyKey? key, TimeSpan wait, CancellationToken cancellationToken)
    {
        using Publication publication = Begin(wait > TimeSpan.Zero);
        AcceptResult result = (await store.AcceptAsync([publication.ToAccept(newEvent, key)], ids, clock))[0];
        publication.Accepted(result);
        await publication.AnnounceAsync(wait, cancellationToken);
        return result;
    }
}
