namespace Nyala.Bench;

/// <summary>A PostgreSQL server for this run, with its own port, a temporary folder and the distribution's default settings.</summary>
internal sealed class PostgresProcess : IDisposable
{
    private readonly Daemon _daemon;
    private readonly string _programs;
    private readonly string _folder;
    private readonly int _port;

    private PostgresProcess(Daemon daemon, string programs, string folder, int port) => (_daemon, _programs, _folder, _port) = (daemon, programs, folder, port);

    /// <summary>Returns the folder of the newest PostgreSQL's programs; null if PostgreSQL is not installed.</summary>
    public static string? FindPrograms() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Max()
        : null;

    /// <param name="programs">The folder of its programs.</param>
    /// <param name="data">An empty folder on the measured disk.</param>
    public static async Task<PostgresProcess> StartAsync(string programs, string data, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(data);
        int port = Daemon.FreePort();

        // PostgreSQL refuses to run as root. The package creates a user for it.
        string[] prefix = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
        if (prefix.Length > 0)
        {
            await Daemon.RunAsync(["chown", "postgres:postgres", data], cancellationToken);
        }

        await Daemon.RunAsync(
            [.. prefix, Path.Combine(programs, "initdb"), "-D", data, "-A", "trust", "-U", "bench", "--no-locale", "-E", "UTF8"], cancellationToken);
        Daemon daemon = await Daemon.StartAsync(
            [.. prefix, Path.Combine(programs, "postgres"), "-D", data, "-p", $"{port}", "-k", data, "-h", "127.0.0.1", "-c", "max_connections=300"],
            port,
            cancellationToken);
        return new PostgresProcess(daemon, programs, data, port);
    }

    /// <summary>Creates an empty database, so that no run finds the rows of another.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        await Daemon.RunAsync([Path.Combine(_programs, "createdb"), "-h", "127.0.0.1", "-p", $"{_port}", "-U", "bench", name], cancellationToken);
        return $"Host=127.0.0.1;Port={_port};Username=bench;Database={name};Maximum Pool Size=250";
    }

    public Task DropDatabaseAsync(string name, CancellationToken cancellationToken) =>
        Daemon.RunAsync([Path.Combine(_programs, "dropdb"), "--force", "-h", "127.0.0.1", "-p", $"{_port}", "-U", "bench", name], cancellationToken);

    public void Dispose()
    {
        _daemon.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
