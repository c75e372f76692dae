using System.Diagnostics.Metrics;
using Nyala.Client;

namespace Nyala.Server.Events;

/// <summary>Metrics of events. Publishers choose their event types, so all types except the server's own share one label value.</summary>
internal sealed class EventsInstruments
{
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _deliveries;

    public EventsInstruments(Meter meter)
    {
        _accepted = meter.CreateCounter<long>("nyala.events.accepted", "{event}", "Events that were accepted, by type; those of publishers are 'other'.");
        _deliveries = meter.CreateCounter<long>("nyala.events.deliveries", "{delivery}", "Deliveries that accepted events began.");
    }

    /// <summary>Counts an accepted event. It must be on disk.</summary>
    public void Accepted(string type, int deliveries)
    {
        if (_accepted.Enabled)
        {
            _accepted.Add(1, new KeyValuePair<string, object?>("type", Own(type)));
        }

        _deliveries.Add(deliveries);
    }

    private static string Own(string type) =>
        type is EventTypes.PostDeployment or EventTypes.DeploymentStarted or EventTypes.HookDisabled or EventTypes.TokenExpiring or EventTypes.Ping ? type : "other";
}
