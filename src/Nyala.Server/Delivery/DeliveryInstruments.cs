using System.Diagnostics;
using System.Diagnostics.Metrics;
using Nyala.Server.Hooks;
using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>Metrics of deliveries. No label names a hook, a URL or an event type, because others choose them and their number is unlimited.</summary>
internal sealed class DeliveryInstruments
{
    /// <summary>The maximum number that is counted, because counting scans the queue's index.</summary>
    private const int MaxPending = 1_000_000;

    /// <summary>The maximum number that is counted, because counting reads the table.</summary>
    private const int MaxHooks = 100_000;

    private static readonly HookState[] HookStates = Enum.GetValues<HookState>();

    private static readonly InstrumentAdvice<double> AttemptTimes = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private static readonly InstrumentAdvice<double> Lags = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 30, 300, 3600, 86400],
    };

    private readonly Histogram<double> _attempts;
    private readonly Histogram<double> _lag;
    private readonly Counter<long> _outcomes;
    private readonly Counter<long> _openings;
    private readonly Counter<long> _disabled;

    public DeliveryInstruments(Meter meter, ActiveLanes lanes, AttemptSlots slots, HeldOutcomes held, IStore store)
    {
        _attempts = meter.CreateHistogram("nyala.delivery.attempt.duration", "s", "How long an attempt took, by the class of its response.", null, AttemptTimes);
        _lag = meter.CreateHistogram("nyala.delivery.lag", "s", "From the acceptance of an event to the beginning of a delivery's first attempt.", null, Lags);
        _outcomes = meter.CreateCounter<long>("nyala.delivery.outcomes", "{attempt}", "Attempts that ended, by the class of the response and by the new state of the delivery.");
        _openings = meter.CreateCounter<long>("nyala.delivery.breaker.openings", "{opening}", "Times that a hook's breaker opened after failures in a row.");
        _disabled = meter.CreateCounter<long>("nyala.delivery.hooks_disabled", "{hook}", "Hooks that were disabled after days of consecutive failures.");
        meter.CreateObservableUpDownCounter("nyala.lanes.active", () => (long)lanes.Count, "{lane}", "Lanes that are awake on this node.");
        meter.CreateObservableUpDownCounter("nyala.delivery.in_flight", () => (long)slots.InFlight, "{attempt}", "Attempts that are being made.");
        meter.CreateObservableUpDownCounter("nyala.delivery.outcomes.held", () => held.Count, "{outcome}", "Attempts that have ended and are not on disk yet.");
        meter.CreateObservableUpDownCounter("nyala.delivery.outcomes.held.size", () => held.Bytes, "By", "What the outcomes that are held take in memory, roughly.");
        meter.CreateObservableGauge(
            "nyala.delivery.pending",
            () => BlockingRead.Of(store, tables => (long)tables.Queue.Count(MaxPending)),
            "{delivery}",
            "Deliveries that are to be sent, now or later; a million where there are more.");
        meter.CreateObservableGauge(
            "nyala.hooks.by_state", () => BlockingRead.OfMany(store, CountHooks), "{hook}", "Hooks in each state; a hundred thousand where there are more.");
    }

    /// <summary>Records an attempt that has ended.</summary>
    public void Attempted(AttemptOutcome outcome, DueDelivery delivery, DeliveryState state)
    {
        string answer = ClassOf(outcome);
        if (_attempts.Enabled)
        {
            _attempts.Record(outcome.Duration.TotalSeconds, new KeyValuePair<string, object?>("answer", answer));
        }

        if (_lag.Enabled && delivery.AttemptNumber == 1)
        {
            _lag.Record(Math.Max(0, (outcome.Started - delivery.Begun).TotalSeconds));
        }

        if (_outcomes.Enabled)
        {
            _outcomes.Add(1, new TagList { { "answer", answer }, { "state", Word(state) } });
        }
    }

    public void BreakerOpened() => _openings.Add(1);

    public void HookDisabled() => _disabled.Add(1);

    private static IEnumerable<Measurement<long>> CountHooks(ITables tables)
    {
        IReadOnlyDictionary<HookState, int> counts = tables.Hooks.CountByState(MaxHooks);
        return [.. HookStates.Select(state => new Measurement<long>(
            counts.GetValueOrDefault(state), new KeyValuePair<string, object?>("state", LifecycleRule.Word(state))))];
    }

    /// <summary>Returns the class of the answer, or the cause if there is none.</summary>
    private static string ClassOf(AttemptOutcome outcome) => outcome.Kind == OutcomeKind.OurFault ? "own_fault" : outcome.Answer?.StatusClass ?? "none";

    private static string Word(DeliveryState state) => state switch
    {
        DeliveryState.Pending => "pending",
        DeliveryState.Delivered => "delivered",
        DeliveryState.Failed => "failed",
        DeliveryState.Gone => "gone",
        _ => throw new UnreachableException(),
    };
}
