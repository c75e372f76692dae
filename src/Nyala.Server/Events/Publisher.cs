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
    public async Task<AcceptResult> PublishAsync(NewEvent newEvent, EventKey? key, TimeSpan wait, CancellationToken cancellationToken)
    {
        using Publication publication = Begin(wait > TimeSpan.Zero);
        AcceptResult result = (await store.AcceptAsync([publication.ToAccept(newEvent, key)], ids, clock))[0];
        publication.Accepted(result);
        await publication.AnnounceAsync(wait, cancellationToken);
        return result;
    }

    /// <summary>
    /// Accepts events in one transaction, each once for its idempotency key, and waits for their first attempts. If two events have the same key, the second
    /// is a replay or a mismatch.
    /// </summary>
    /// <param name="events">The events, each with its idempotency key or null.</param>
    /// <param name="wait">The maximum time to wait for all of them. If zero, the call returns as soon as the events are durable.</param>
    /// <param name="cancellationToken">Cancels the wait, not the events.</param>
    /// <returns>A result for each event, in the same order.</returns>
    public async Task<IReadOnlyList<AcceptResult>> PublishManyAsync(
        IReadOnlyList<(NewEvent Event, EventKey? Key)> events, TimeSpan wait, CancellationToken cancellationToken)
    {
        var publications = new List<Publication>(events.Count);
        try
        {
            var accepted = new List<EventToAccept>(events.Count);
            foreach ((NewEvent newEvent, EventKey? key) in events)
            {
                publications.Add(Begin(wait > TimeSpan.Zero));
                accepted.Add(publications[^1].ToAccept(newEvent, key));
            }

            IReadOnlyList<AcceptResult> results = await store.AcceptAsync(accepted, ids, clock);
            for (int i = 0; i < publications.Count; i++)
            {
                publications[i].Accepted(results[i]);
            }

            await AnnounceAsync(publications, wait, cancellationToken);
            return results;
        }
        finally
        {
            publications.ForEach(publication => publication.Dispose());
        }
    }

    private async Task AnnounceAsync(List<Publication> publications, TimeSpan wait, CancellationToken cancellationToken)
    {
        // One timer for all of them.
        using var limit = new CancellationTokenSource(wait, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await Task.WhenAll(publications.Select(publication => publication.AnnounceAsync(Timeout.InfiniteTimeSpan, either.Token)));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Only the wait is over; the deliveries continue.
        }
    }
}
