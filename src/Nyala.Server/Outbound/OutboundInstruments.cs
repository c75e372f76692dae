using System.Diagnostics.Metrics;

namespace Nyala.Server.Outbound;

/// <summary>The instruments of outbound connections. No label contains a host.</summary>
internal sealed class OutboundInstruments
{
    private readonly Counter<long> _opened;
    private readonly Counter<long> _repeated;
    private readonly Counter<long> _refused;

    public OutboundInstruments(Meter meter)
    {
        _opened = meter.CreateCounter<long>("nyala.outbound.connections.opened", "{connection}", "Connections that were opened to receivers; through a proxy they are not seen.");
        _repeated = meter.CreateCounter<long>("nyala.outbound.repeats", "{request}", "Requests that met a dead connection and were made again at once.");
        _refused = meter.CreateCounter<long>("nyala.outbound.addresses.refused", "{connection}", "Connections that the address guard refused.");
    }

    public void ConnectionOpened() => _opened.Add(1);

    public void Repeated() => _repeated.Add(1);

    public void AddressRefused() => _refused.Add(1);
}
