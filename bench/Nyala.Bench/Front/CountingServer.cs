using System.Diagnostics;
using System.Globalization;

namespace Nyala.Bench.Front;

/// <summary>
/// A server that prints <c>ready</c> and its address, and then responds to each line of its input with the numbers of accepted and of delivered events. It
/// ends when its input ends.
/// </summary>
internal sealed class CountingServer : IFrontServer
{
    private readonly Process _process;
    private readonly Func<TimeSpan> _database;
    private long _expected;

    private CountingServer(Process process, Uri address, Func<TimeSpan> database) => (_process, Address, _database) = (process, address, database);

    public Uri Address { get; }

    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime + _database();
        }
    }

    /// <summary>Starts Kestrel that responds with 202, and with a receiver also posts the bodies there.</summary>
    public static Task<CountingServer> StartKestrelAsync(Uri? receiver, CancellationToken cancellationToken) =>
        StartAsync([Environment.ProcessPath!, "kestrel", .. receiver is null ? (string[])[] : [receiver.AbsoluteUri]], () => TimeSpan.Zero, cancellationToken);

    /// <summary>Starts BullMQ behind Node.js' own HTTP server.</summary>
    public static Task<CountingServer> StartBullMqAsync(RedisProcess redis, Uri receiver, int workers, CancellationToken cancellationToken) =>
        StartAsync(
            ["node", Path.Combine(PeerRun.BullMqFolder, "peer.js"), "serve", receiver.AbsoluteUri, $"{redis.Port}", $"{workers}"], () => redis.Processor, cancellationToken);

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
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            _process.Kill();
        }

        _process.Dispose();
        return default;
    }

    private static async Task<CountingServer> StartAsync(string[] command, Func<TimeSpan> database, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        Process process = Process.Start(start) ?? throw new BenchException($"{command[0]} did not start.");
        return await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line && line.Split(' ') is ["ready", string address]
            ? new CountingServer(process, new Uri(address), database)
            : throw new BenchException($"{string.Join(' ', command)} did not start.");
    }

    private async Task<(long Accepted, long Delivered)> CountAsync(CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync("count".AsMemory(), cancellationToken);
        return await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line && line.Split(' ') is [string accepted, string delivered]
            ? (long.Parse(accepted, CultureInfo.InvariantCulture), long.Parse(delivered, CultureInfo.InvariantCulture))
            : throw new BenchException("The server did not count its events.");
    }
}
