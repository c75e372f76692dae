using System.Diagnostics;
using Nyala.Server.Storage;

namespace Nyala.Server.Events;

/// <summary>
/// Accepts one event. Call <c>Accept</c> in a transaction, and <see cref="AnnounceAsync"/> after its commit. That call does nothing if no event was
/// accepted.
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
    private readonly List<(long Hook, DueDelivery Delivery)> _accepted = [];
    private readonly List<AwaitedDelivery> _prompt = [];
    private string? _type;
    private int _deliveries;

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
    public void Accept(ITables tables, NewEvent accepted) =>
        Accept(tables, accepted, tables.Hooks.Match(accepted.Site, accepted.Type, _clock.GetUtcNow()));

    /// <summary>Passes the deliveries to their hooks, and waits for the first attempts that may start at once.</summary>
    public Task AnnounceAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        if (_type is not null)
        {
            _instruments.Accepted(_type, _deliveries);
            EventsTrace.Accepted(_span, EventId, _type, _deliveries);
        }

        foreach ((long hook, DueDelivery delivery) in _accepted)
        {
            _dispatcher.Deliver(hook, delivery);
        }

        return _firstAttempts is null || _prompt.Count == 0
            ? Task.CompletedTask
            : _firstAttempts.WaitAsync(_prompt, wait, cancellationToken);
    }

    public void Dispose()
    {
        EventsTrace.Discard(_span);
        _firstAttempts?.Dispose();
    }

    private void Accept(ITables tables, NewEvent accepted, IReadOnlyList<MatchedHook> hooks)
    {
        // The transaction may run again, see IStore.
        _accepted.Clear();
        _prompt.Clear();
        (_type, _deliveries) = (accepted.Type, 0);

        // If this server records spans, the parent of the attempts is its own span, whose parent is the caller's span.
        string? trace = _span?.Id ?? accepted.Trace;

        // The time is read here, on the only writing thread, so that a later commit is never due earlier.
        DateTimeOffset now = _clock.GetUtcNow();
        tables.Events.Insert(new EventRecord(
            EventId, accepted.Type, accepted.Site, accepted.Body, now, accepted.Deployment, trace, accepted.Chain));
        EventFacts? facts = null;
        foreach (MatchedHook hook in hooks)
        {
            if (hook.Filter is { } filter && !_filters.Matches(filter, facts ??= FactsOf(accepted)))
            {
                continue;
            }

            long delivery = _ids.Next();
            tables.Deliveries.Insert(delivery, EventId, hook.Id, now);
            _deliveries++;
            if (hook.State == HookState.Active)
            {
                var due = new DueDelivery(
                    delivery, EventId, accepted.Type, accepted.Body, Spent: 0, Free: 0, Earlier: 0, Due: now, Begun: now, trace, accepted.Chain);
                _accepted.Add((hook.Id, due));
            }

            if (hook.Prompt)
            {
                _prompt.Add(new AwaitedDelivery(delivery, hook.Id));
            }
        }
    }

    private static EventFacts FactsOf(NewEvent accepted) => accepted.Facts?.Invoke() ?? EventFacts.OfBody(accepted.Site, accepted.Body);
}
