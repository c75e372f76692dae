using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Nyala.Bench;

/// <summary>A PostgreSQL server for this run, with its own port, a temporary folder and the distribution's default settings.</summary>
internal sealed class PostgresProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _folder;

    private PostgresProcess(Process process, string folder, string connection) => (_process, _folder, Connection) = (process, folder, connection);

    public string Connection { get; }

    /// <summary>Returns the folder of the newest PostgreSQL's programs; null if PostgreSQL is not installed.</summary>
    public static string? FindPrograms() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Max()
        : null;

    /// <param name="programs">The folder of its programs.</param>
    /// <param name="data">An empty folder on the measured disk.</param>
    public static async Task<PostgresProcess> StartAsync(string programs, string data, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(data);
        int port = FreePort();

        // PostgreSQL refuses to run as root. The package creates a user for it.
        string[] prefix = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
        if (prefix.Length > 0)
        {
            await RunAsync(["chown", "postgres:postgres", data], cancellationToken);
        }

        await RunAsync([.. prefix, Path.Combine(programs, "initdb"), "-D", data, "-A", "trust", "-U", "bench", "--no-locale", "-E", "UTF8"], cancellationToken);
        Process process = Launch([.. prefix, Path.Combine(programs, "postgres"), "-D", data, "-p", $"{port}", "-k", data, "-h", "127.0.0.1", "-c", "max_connections=300"]);
        var server = new PostgresProcess(process, data, $"Host=127.0.0.1;Port={port};Username=bench;Database=postgres;Maximum Pool Size=250");
        await server.ReadyAsync(port, cancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var stop = Process.Start("kill", ["-INT", $"{_process.Id}"]);
            await stop.WaitForExitAsync();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ReadyAsync(int port, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while (true)
        {
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return;
            }
            catch (SocketException) when (!_process.HasExited && Stopwatch.GetElapsedTime(start) < StartTime)
            {
                await look.WaitForNextTickAsync(cancellationToken);
            }
        }
    }

    private static async Task RunAsync(string[] command, CancellationToken cancellationToken)
    {
        using Process process = Launch(command);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new BenchException($"{string.Join(' ', command)} ended with {process.ExitCode}.");
        }
    }

    private static Process Launch(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        Process process = Process.Start(start) ?? throw new BenchException($"{command[0]} did not start.");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
