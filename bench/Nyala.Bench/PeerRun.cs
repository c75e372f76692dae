using System.Diagnostics;
using System.Globalization;

namespace Nyala.Bench;

/// <summary>
/// Runs the alternatives that a team would choose, each in a separate process. They send the same POST, with their database on the same disk. Those whose
/// programs are not installed are left out.
/// </summary>
internal sealed class PeerRun : IAsyncDisposable
{
    private readonly BenchOptions _options;
    private readonly Uri _receiver;
    private PostgresProcess? _postgres;
    private int _runs;

    private PeerRun(BenchOptions options, Uri receiver) => (_options, _receiver) = (options, receiver);

    /// <summary>The folder of BullMQ's script, in the source tree.</summary>
    public static string BullMqFolder { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../peers-bullmq"));

    private static string DotNetPeers { get; } =
        Path.Combine(AppContext.BaseDirectory.Replace("Nyala.Bench", "Nyala.Peers", StringComparison.Ordinal), "Nyala.Peers");

    /// <summary>The alternatives that can run here.</summary>
    public IReadOnlyList<Peer> Peers { get; private set; } = [];

    /// <summary>A line for each program that is missing, which says how to install it.</summary>
    public IReadOnlyList<string> Missing { get; private set; } = [];

    public RedisProcess? Redis { get; private set; }

    /// <summary>Starts the databases of the alternatives.</summary>
    /// <param name="folder">A folder on the measured disk.</param>
    public static async Task<PeerRun> StartAsync(BenchOptions options, string folder, Uri receiver, CancellationToken cancellationToken)
    {
        var run = new PeerRun(options, receiver);
        var missing = new List<string>();
        try
        {
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
                run.Redis = await RedisProcess.StartAsync(redis, Path.Combine(folder, "redis"), cancellationToken);
            }
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }

        run.Missing = missing;
        run.Peers =
        [
            .. run._postgres is null ? (Peer[])[] : [Peer.Hangfire, Peer.Wolverine],
            .. run.Redis is null ? (Peer[])[] : [Peer.BullMq],
        ];
        return run;
    }

    /// <summary>Delivers a number of events.</summary>
    /// <param name="warmUp">The number of events delivered before, which do not count.</param>
    /// <returns>The number of events per second.</returns>
    public async Task<double> RunAsync(Peer peer, int requests, int warmUp, CancellationToken cancellationToken)
    {
        string[] load = [$"{requests}", $"{_options.Publishers}", $"{_options.Hooks * 16}", $"{warmUp}"];
        string receiver = new Uri(_receiver, peer.Name).AbsoluteUri;
        if (peer == Peer.BullMq)
        {
            return await RateAsync(peer, ["node", Path.Combine(BullMqFolder, "peer.js"), "run", receiver, $"{Redis!.Port}", .. load], requests, cancellationToken);
        }

        string database = $"{peer.Name}{++_runs}";
        string connection = await _postgres!.CreateDatabaseAsync(database, cancellationToken);
        double rate = await RateAsync(peer, [DotNetPeers, peer.Name, receiver, connection, .. load], requests, cancellationToken);
        await _postgres.DropDatabaseAsync(database, cancellationToken);
        return rate;
    }

    public async ValueTask DisposeAsync()
    {
        await (_postgres?.DisposeAsync() ?? default);
        await (Redis?.DisposeAsync() ?? default);
    }

    private static async Task<double> RateAsync(Peer peer, string[] command, int requests, CancellationToken cancellationToken)
    {
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })
            ?? throw new BenchException($"{command[0]} did not start.");
        try
        {
            string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            string last = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "";
            return process.ExitCode == 0 && double.TryParse(last, CultureInfo.InvariantCulture, out double seconds)
                ? requests / seconds
                : throw new BenchException($"{peer.Name} ended with {process.ExitCode} and said: {output}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
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
