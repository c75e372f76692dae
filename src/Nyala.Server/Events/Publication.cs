using System.Diagnostics;
using Nyala.Server.Storage;

namespace Nyala.Server.Events;

/// <summary>
/// Accepts one event. Call <c>Accept</c> in a transaction, or pass the store <see cref="ToAccept"/>. After the commit, call <see cref="AnnounceAsync"/>, which
/// does nothing if no event was accepted.
/// </summary>
internal sealed class Publication : IDisposable
{
    private readonly IDispatcher _dispatcher;
    private readonly IdSource _ids;
    private readonly TimeProvider _clock;
    private readonly FilterCache _filters;
    private readonly EventsInstruments _instruments;
    private readonly Activity? _span;
    private readonly IFirstAttempts? _firstAttempts;
    private EventToAccept? _event;
    private AcceptResult? _result;

    public Publication(IDispatcher dispatcher, IdSource ids, TimeProvider clock, FilterCache filters, EventsInstruments instruments, bool wait)
    {
        (_dispatcher, _ids, _clock, _filters, _instruments) = (dispatcher, ids, clock, filters, instruments);
        _span = EventsTrace.Begin();
        EventId = ids.Next();
        _firstAttempts = wait ? dispatcher.Expect(EventId) : null;
    }

    /// <summary>The id that the event gets if it is accepted.</summary>
    public long EventId { get; }

    /// <summary>Writes the event, and a delivery for each hook that is subscribed to it now and whose filter matches.</summary>
    public void Accept(ITables tables, NewEvent newEvent) => Accepted(tables.Queue.Accept([ToAccept(newEvent)], _ids, _clock)[0]);

    /// <summary>Returns the event as the store accepts it. Pass the store's result to <see cref="Accepted"/>.</summary>
    public EventToAccept ToAccept(NewEvent newEvent, EventKey? key = null) => _event = new EventToAccept(EventId, newEvent.Type, newEvent.Site, newEvent.Body)
    {
        Deployment = newEvent.Deployment,

        // If this server records spans, the parent of the attempts is its own span, whose parent is the caller's span.
        Trace = _span?.Id ?? newEvent.Trace,
        Chain = newEvent.Chain,
        Key = key,
        LogTail = newEvent.LogTail,
        Matches = new Matching(_filters, newEvent).Matches,
    };

    /// <summary>Notes what the store accepted. A transaction may run again, so only the last call counts.</summary>
    public void Accepted(AcceptResult result) => _result = result;

    /// <summary>Passes the deliveries to their hooks, and waits for the first attempts that may start at once.</summary>
    public Task AnnounceAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        if (_result is not { Outcome: AcceptOutcome.Accepted } accepted)
        {
            return Task.CompletedTask;
        }

        EventToAccept @event = _event!;
        _instruments.Accepted(@event.Type, accepted.Deliveries.Count);
        EventsTrace.Accepted(_span, EventId, @event.Type, accepted.Deliveries.Count);
        foreach (AcceptedDelivery delivery in accepted.Deliveries)
        {
            if (delivery.Hook.State == HookState.Active)
            {
                _dispatcher.Deliver(delivery.Hook.Id, new DueDelivery(
                    delivery.Id, EventId, @event.Type, @event.Body, Spent: 0, Free: 0, Earlier: 0, accepted.Accepted, accepted.Accepted, @event.Trace, @event.Chain)
                {
                    Site = @event.Site,
                    LogTail = delivery.Hook.LogLines > 0 ? accepted.LogTail : null,
                });
            }
        }

        if (_firstAttempts is null)
        {
            return Task.CompletedTask;
        }

        List<AwaitedDelivery> prompt =
            [.. accepted.Deliveries.Where(delivery => delivery.Hook.Prompt).Select(delivery => new AwaitedDelivery(delivery.Id, delivery.Hook.Id))];
        return prompt.Count == 0 ? Task.CompletedTask : _firstAttempts.WaitAsync(prompt, wait, cancellationToken);
    }

    public void Dispose()
    {
        EventsTrace.Discard(_span);
        _firstAttempts?.Dispose();
    }

    /// <summary>Matches filters with one event, whose facts are read once, and only if a hook has a filter.</summary>
    private sealed class Matching(FilterCache filters, NewEvent newEvent)
    {
        private EventFacts? _facts;

        public bool Matches(string filter) =>
            filters.Matches(filter, _facts ??= newEvent.Facts?.Invoke() ?? EventFacts.OfBody(newEvent.Site, newEvent.Body));
    }
}
