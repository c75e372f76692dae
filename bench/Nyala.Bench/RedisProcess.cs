namespace Nyala.Bench;

/// <summary>A Redis server for one run, with its own port and a temporary folder. It syncs every command to the disk before it responds.</summary>
internal sealed class RedisProcess : IDisposable
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

        // Redis does not rewrite its log: a child process would do it, in an arbitrary round, and its processor time would not be counted.
        Daemon daemon = await Daemon.StartAsync(
            [
                program, "--port", $"{port}", "--bind", "127.0.0.1", "--dir", data, "--save", "",
                "--appendonly", "yes", "--appendfsync", "always", "--auto-aof-rewrite-percentage", "0",
            ],
            port,
            cancellationToken);
        return new RedisProcess(daemon, data, port);
    }

    public void Dispose()
    {
        _daemon.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
