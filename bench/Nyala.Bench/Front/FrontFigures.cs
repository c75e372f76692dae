namespace Nyala.Bench.Front;

/// <summary>The figures of publishing over HTTP.</summary>
internal sealed class FrontFigures
{
    private readonly Dictionary<Peer, RateSeries> _inProcess = [];

    /// <summary>Kestrel that responds with 202 and does nothing else: the baseline.</summary>
    public RateSeries Bare { get; } = new("bare Kestrel, 202");

    public RateSeries NoHook { get; } = new("Nyala, no hook matches");

    public RateSeries OneHook { get; } = new("Nyala, one hook, recorded");

    /// <summary>Kestrel that posts the bodies with the bare client: the limit.</summary>
    public RateSeries Relay { get; } = new("bare Kestrel + bare client");

    public RateSeries BullMqOverHttp { get; } = new("BullMQ behind node:http");

    public RateSeries BareCold { get; } = new("bare Kestrel, 202");

    public RateSeries NoHookCold { get; } = new("Nyala, no hook matches");

    public RateSeries OneHookCold { get; } = new("Nyala, one hook, recorded");

    /// <summary>The alternatives that accept events in their own process.</summary>
    public IEnumerable<RateSeries> Peers => _inProcess.Values;

    /// <summary>A line for each alternative that could not run.</summary>
    public IReadOnlyList<string> Missing { get; set; } = [];

    public RateSeries InProcess(Peer peer)
    {
        if (!_inProcess.TryGetValue(peer, out RateSeries? series))
        {
            _inProcess[peer] = series = new RateSeries(peer.Title);
        }

        return series;
    }

    /// <summary>Returns the fastest alternative of each round.</summary>
    public RateSeries BestPeer()
    {
        var best = new RateSeries("the best in each round");
        RateSeries[] all = [.. Peers.Append(BullMqOverHttp).Where(peer => peer.Samples.Count > 0)];
        for (int round = 0; all.Length > 0 && round < all[0].Samples.Count; round++)
        {
            best.Add(all.Select(peer => peer.Samples[round]).MaxBy(sample => sample.Rate)!);
        }

        return best;
    }
}
