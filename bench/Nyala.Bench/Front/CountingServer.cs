using System.Diagnostics;
using System.Globalization;

namespace Nyala.Bench.Front;

/// <summary>
/// A server that prints <c>ready</c> and its address, and then responds to each line of its input with the numbers of accepted and of delivered events. It
/// ends when its input ends.
/// </summary>
internal sealed class CountingServer : IFrontServer
{
    private readonly ChildProcess _process;
    private readonly Func<TimeSpan> _database;
    private long _expected;

    private CountingServer(ChildProcess process, Uri address, Func<TimeSpan> database) => (_process, Address, _database) = (process, address, database);

    public Uri Address { get; }

    public TimeSpan Processor => _process.Processor + _database();

    /// <summary>Starts Kestrel that responds with 202, and with a receiver also posts the bodies there.</summary>
    public static Task<CountingServer> StartKestrelAsync(Uri? receiver, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = ChildProcess.ThisProgram(["kestrel", .. receiver is null ? (string[])[] : [receiver.AbsoluteUri]]);
        SpinLimit.UseDefault(start);
        return StartAsync(start, () => TimeSpan.Zero, cancellationToken);
    }

    /// <summary>Starts BullMQ behind Node.js' own HTTP server.</summary>
    public static Task<CountingServer> StartBullMqAsync(RedisProcess redis, Uri receiver, int workers, CancellationToken cancellationToken) =>
        StartAsync(
            new ProcessStartInfo("node", [Path.Combine(PeerRun.BullMqFolder, "peer.js"), "serve", receiver.AbsoluteUri, $"{redis.Port}", $"{workers}"]),
            () => redis.Processor,
            cancellationToken);

    public async ValueTask<long> PendingAsync(CancellationToken cancellationToken)
    {
        (long accepted, long delivered) = await CountAsync(cancellationToken);
        return accepted - delivered;
    }

    public async ValueTask VerifyAsync(int accepted, bool delivers, CancellationToken cancellationToken)
    {
        if (!delivers)
        {
            return;
        }

        _expected += accepted;
        (long counted, long delivered) = await CountAsync(cancellationToken);
        if (counted != _expected || delivered != _expected)
        {
            throw new BenchException($"{counted} of {_expected} events were accepted and {delivered} delivered: the figures would mean nothing.");
        }
    }

    public ValueTask DisposeAsync()
    {
        _process.Dispose();
        return default;
    }

    private static async Task<CountingServer> StartAsync(ProcessStartInfo start, Func<TimeSpan> database, CancellationToken cancellationToken)
    {
        (ChildProcess process, Uri address) = await ChildProcess.StartServerAsync(start, cancellationToken);
        return new CountingServer(process, address, database);
    }

    private async Task<(long Accepted, long Delivered)> CountAsync(CancellationToken cancellationToken)
    {
        await _process.WriteLineAsync("count", cancellationToken);
        return await _process.ReadLineAsync(cancellationToken) is { } line && line.Split(' ') is [string accepted, string delivered]
            ? (long.Parse(accepted, CultureInfo.InvariantCulture), long.Parse(delivered, CultureInfo.InvariantCulture))
            : throw new BenchException("The server did not count its events.");
    }
}
