namespace Nyala.Bench;

/// <summary>A Redis server for this run, with its own port and a temporary folder. It syncs every command to the disk before it responds.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly Daemon _daemon;
    private readonly string _folder;

    private RedisProcess(Daemon daemon, string folder, int port) => (_daemon, _folder, Port) = (daemon, folder, port);

    public int Port { get; }

    public TimeSpan Processor => _daemon.Processor;

    /// <param name="program">The path of <c>redis-server</c>.</param>
    /// <param name="data">An empty folder on the measured disk.</param>
    public static async Task<RedisProcess> StartAsync(string program, string data, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(data);
        int port = Daemon.FreePort();
        Daemon daemon = await Daemon.StartAsync(
            [program, "--port", $"{port}", "--bind", "127.0.0.1", "--dir", data, "--appendonly", "yes", "--appendfsync", "always", "--save", ""], port, cancellationToken);
        return new RedisProcess(daemon, data, port);
    }

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
