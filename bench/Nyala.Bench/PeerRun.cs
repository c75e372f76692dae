using System.Diagnostics;
using System.Globalization;

namespace Nyala.Bench;

/// <summary>
/// Runs the alternatives that a team would choose, each in a separate process. They send the same POST, with their database on the same disk. Those whose
/// programs are not installed are left out.
/// </summary>
internal sealed class PeerRun : IDisposable
{
    private readonly BenchOptions _options;
    private readonly string _folder;
    private readonly Uri _receiver;
    private PostgresProcess? _postgres;
    private string? _redis;
    private int _runs;

    private PeerRun(BenchOptions options, string folder, Uri receiver) => (_options, _folder, _receiver) = (options, folder, receiver);

    /// <summary>The folder of BullMQ's script, in the source tree.</summary>
    public static string BullMqFolder { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../peers-bullmq"));

    private static string DotNetPeers { get; } =
        Path.Combine(AppContext.BaseDirectory.Replace("Nyala.Bench", "Nyala.Peers", StringComparison.Ordinal), "Nyala.Peers");

    /// <summary>The alternatives that can run here.</summary>
    public IReadOnlyList<Peer> Peers { get; private set; } = [];

    /// <summary>A line for each program that is missing, which says how to install it.</summary>
    public IReadOnlyList<string> Missing { get; private set; } = [];

    /// <summary>Finds the programs of the alternatives, and starts PostgreSQL.</summary>
    /// <param name="folder">A folder on the measured disk.</param>
    public static async Task<PeerRun> StartAsync(BenchOptions options, string folder, Uri receiver, CancellationToken cancellationToken)
    {
        var run = new PeerRun(options, folder, receiver);
        var missing = new List<string>();
        if (PostgresProcess.FindPrograms() is not { } programs)
        {
            missing.Add("peers: no PostgreSQL is installed under /usr/lib/postgresql; apt-get install postgresql.");
        }
        else if (!File.Exists(DotNetPeers))
        {
            missing.Add($"peers: {DotNetPeers} is not built; dotnet build bench/Nyala.Peers -c Release.");
        }
        else
        {
            run._postgres = await PostgresProcess.StartAsync(programs, Path.Combine(folder, "postgres"), cancellationToken);
        }

        if (Daemon.Find("redis-server") is not { } redis)
        {
            missing.Add("peers: no redis-server is installed; apt-get install redis-server.");
        }
        else if (Daemon.Find("node") is null || !Directory.Exists(Path.Combine(BullMqFolder, "node_modules", "bullmq")))
        {
            missing.Add($"peers: BullMQ is not installed; install Node.js and run npm ci in {BullMqFolder}.");
        }
        else
        {
            run._redis = redis;
        }

        run.Missing = missing;
        run.Peers =
        [
            .. run._postgres is null ? (Peer[])[] : [Peer.Hangfire, Peer.Wolverine],
            .. run._redis is null ? (Peer[])[] : [Peer.BullMq],
        ];
        return run;
    }

    /// <summary>Starts an empty Redis, so that no run finds the log and the connections of another.</summary>
    /// <returns>The server; null if BullMQ cannot run here.</returns>
    public async Task<RedisProcess?> StartRedisAsync(CancellationToken cancellationToken) =>
        _redis is null ? null : await RedisProcess.StartAsync(_redis, Path.Combine(_folder, $"redis-{++_runs}"), cancellationToken);

    /// <summary>Returns how many events <see cref="RunAsync"/> measures. Hangfire gets fewer, because it is two orders of magnitude slower than the others.</summary>
    public int EventsOf(Peer peer) => peer == Peer.Hangfire ? _options.Jobs : _options.Requests;

    /// <summary>Delivers events to warm up, and then as many again.</summary>
    /// <returns>The number of the latter events per second.</returns>
    public async Task<double> RunAsync(Peer peer, CancellationToken cancellationToken)
    {
        int events = EventsOf(peer);
        string[] load = [$"{events}", $"{_options.Publishers}", $"{_options.Hooks * 16}", $"{events}"];
        string receiver = new Uri(_receiver, peer.Name).AbsoluteUri;
        if (peer == Peer.BullMq)
        {
            using RedisProcess redis = (await StartRedisAsync(cancellationToken))!;
            return events / await SecondsAsync(peer, ["node", Path.Combine(BullMqFolder, "peer.js"), "run", receiver, $"{redis.Port}", .. load], cancellationToken);
        }

        string database = $"{peer.Name}{++_runs}";
        string connection = await _postgres!.CreateDatabaseAsync(database, cancellationToken);
        double seconds = await SecondsAsync(peer, [DotNetPeers, peer.Name, receiver, connection, .. load], cancellationToken);
        await _postgres.DropDatabaseAsync(database, cancellationToken);
        return events / seconds;
    }

    public void Dispose() => _postgres?.Dispose();

    private static async Task<double> SecondsAsync(Peer peer, string[] command, CancellationToken cancellationToken)
    {
        using var process = new ChildProcess(new ProcessStartInfo(command[0], command[1..]));
        string output = await process.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        string last = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "";
        return process.ExitCode == 0 && double.TryParse(last, CultureInfo.InvariantCulture, out double seconds)
            ? seconds
            : throw new BenchException($"{peer.Name} ended with {process.ExitCode} and said: {output}");
    }
}

/// <param name="Name">The name on the command line.</param>
/// <param name="Title">The name in the tables.</param>
internal sealed record Peer(string Name, string Title)
{
    public static Peer Hangfire { get; } = new("hangfire", "Hangfire on PostgreSQL");

    public static Peer Wolverine { get; } = new("wolverine", "Wolverine on PostgreSQL");

    public static Peer BullMq { get; } = new("bullmq", "BullMQ on Redis, fsync always");
}
