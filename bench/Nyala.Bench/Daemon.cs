using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Nyala.Bench;

/// <summary>A program of the distribution that runs as long as the measurement, and listens on a free port of this machine.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private Daemon(Process process) => _process = process;

    /// <summary>The processor time used so far, without child processes.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Returns the full path of a program; null if it is not installed.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="BenchException">It failed.</exception>
    public static async Task RunAsync(string[] command, CancellationToken cancellationToken)
    {
        using Process process = Launch(command);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new BenchException($"{string.Join(' ', command)} ended with {process.ExitCode}.");
        }
    }

    /// <summary>Starts a program, and returns when it accepts connections.</summary>
    public static async Task<Daemon> StartAsync(string[] command, int port, CancellationToken cancellationToken)
    {
        var daemon = new Daemon(Launch(command));
        long start = Stopwatch.GetTimestamp();
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while (true)
        {
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return daemon;
            }
            catch (SocketException) when (!daemon._process.HasExited && Stopwatch.GetElapsedTime(start) < StartTime)
            {
                await look.WaitForNextTickAsync(cancellationToken);
            }
        }
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
}
