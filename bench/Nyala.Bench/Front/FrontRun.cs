namespace Nyala.Bench.Front;

/// <summary>
/// Measures publishing over HTTP. The load generator, the server and the receiver are separate processes. Warm rows use one process of each server for all
/// rounds; cold rows start a new one for each.
/// </summary>
internal sealed class FrontRun(BenchOptions options, string folder, ReceiverProcess receiver, CancellationToken cancellationToken)
{
    private int _servers;

    public async Task<FrontFigures> RunAsync()
    {
        var figures = new FrontFigures();
        using var load = new FrontLoad(options, receiver, cancellationToken);
        using PeerRun peers = await PeerRun.StartAsync(options, folder, receiver.Address, cancellationToken);
        await using IFrontServer bare = await StartBareAsync();
        await using IFrontServer relay = await CountingServer.StartKestrelAsync(new Uri(receiver.Address, "relay"), cancellationToken);
        await using IFrontServer nyala = await StartNyalaAsync();
        using RedisProcess? redis = await peers.StartRedisAsync(cancellationToken);
        await using IFrontServer? bullMq = redis is null
            ? null
            : await CountingServer.StartBullMqAsync(redis, new Uri(receiver.Address, "bullmq"), options.Hooks * 16, cancellationToken);
        figures.Missing = peers.Missing;

        List<Step> warm =
        [
            new(figures.Bare, () => load.RunAsync(bare, "", delivers: false)),
            new(figures.NoHook, () => load.RunAsync(nyala, NyalaFront.NoHook, delivers: false)),
            new(figures.OneHook, () => load.RunAsync(nyala, NyalaFront.OneHook, delivers: true)),
            new(figures.Relay, () => load.RunAsync(relay, "", delivers: true)),
        ];
        if (bullMq is not null)
        {
            warm.Add(new(figures.BullMqOverHttp, () => load.RunAsync(bullMq, "", delivers: true)));
        }

        // Every part that follows starts a new process.
        List<Step> cold =
        [
            new(figures.BareCold, () => ColdAsync(load, StartBareAsync, "", delivers: false)),
            new(figures.NoHookCold, () => ColdAsync(load, StartNyalaAsync, NyalaFront.NoHook, delivers: false)),
            new(figures.OneHookCold, () => ColdAsync(load, StartNyalaAsync, NyalaFront.OneHook, delivers: true)),
        ];

        // Hangfire is two orders of magnitude slower than the others, so it is not the best.
        foreach (Peer peer in peers.Peers.Where(peer => peer != Peer.Hangfire))
        {
            cold.Add(new(figures.InProcess(peer), () => RunPeerAsync(peers, peer)));
        }

        await RunRoundsAsync(warm, cold);
        return figures;
    }

    private async Task RunRoundsAsync(List<Step> warm, List<Step> cold)
    {
        foreach (Step step in warm)
        {
            await step.RunAsync();
        }

        for (int round = 0; round < options.Rounds; round++)
        {
            // Every other round runs in reverse order, so that no part always follows the same one.
            IEnumerable<Step> steps = warm.Concat(cold);
            foreach (Step step in round % 2 == 0 ? steps : steps.Reverse())
            {
                step.Series.Add(await step.RunAsync());
            }
        }
    }

    private static async Task<RateSample> ColdAsync(FrontLoad load, Func<Task<IFrontServer>> start, string path, bool delivers)
    {
        await using IFrontServer server = await start();
        return await load.RunAsync(server, path, delivers);
    }

    private async Task<RateSample> RunPeerAsync(PeerRun peers, Peer peer)
    {
        double rate = await peers.RunAsync(peer, cancellationToken);
        int events = peers.EventsOf(peer);
        return new RateSample(events, TimeSpan.FromSeconds(events / rate), new Usage(new Dictionary<string, double>(), 0), TimeSpan.Zero);
    }

    private async Task<IFrontServer> StartBareAsync() => await CountingServer.StartKestrelAsync(receiver: null, cancellationToken);

    private async Task<IFrontServer> StartNyalaAsync() =>
        await NyalaFront.StartAsync(options.Server, Path.Combine(folder, $"nyala-{++_servers}"), new Uri(receiver.Address, "front"), cancellationToken);

    private sealed record Step(RateSeries Series, Func<Task<RateSample>> RunAsync);
}
