using Nyala.Server.Storage;

namespace Nyala.Server.Events;

/// <summary>Accepts events: once a publication is committed, every hook that matched will hear of it.</summary>
internal sealed class Publisher(IStore store, IDispatcher dispatcher, IdSource ids, TimeProvider clock, Filters filters)
{
    /// <summary>Begins a publication whose event is accepted in a transaction of the caller's.</summary>
    /// <param name="wait">Whether the caller means to wait for first attempts.</param>
    public Publication Begin(bool wait) => new(dispatcher, ids, clock, filters, wait);

    /// <summary>Accepts an event in a transaction of its own and waits for the first attempts.</summary>
    /// <param name="newEvent">The event.</param>
    /// <param name="wait">How long to wait at most; zero returns as soon as the event is durable.</param>
    /// <param name="cancellationToken">Ends the wait, not the event.</param>
    public async Task PublishAsync(NewEvent newEvent, TimeSpan wait, CancellationToken cancellationToken)
    {
        using Publication publication = Begin(wait > TimeSpan.Zero);
        await store.WriteAsync(tables =>
        {
            publication.Accept(tables, newEvent);
            return true;
        });
        await publication.AnnounceAsync(wait, cancellationToken);
    }
}
