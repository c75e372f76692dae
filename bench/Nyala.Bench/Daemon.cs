using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Nyala.Bench;

/// <summary>A program of the distribution that runs as long as the measurement, and listens on a free port of this machine.</summary>
internal sealed class Daemon : IDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _process;

    private Daemon(ChildProcess process) => _process = process;

    /// <summary>The processor time used so far, without child processes.</summary>
    public TimeSpan Processor => _process.Processor;

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
        using ChildProcess process = Launch(command);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new BenchException($"{string.Join(' ', command)} ended with {process.ExitCode}.");
        }
    }

    /// <summary>Starts a program, and returns when it accepts connections.</summary>
    /// <exception cref="BenchException">It ended, or did not accept connections in time.</exception>
    public static async Task<Daemon> StartAsync(string[] command, int port, CancellationToken cancellationToken)
    {
        var daemon = new Daemon(Launch(command));
        try
        {
            await daemon.ListensAsync(port, cancellationToken);
            return daemon;
        }
        catch (SocketException)
        {
            daemon.Dispose();
            throw new BenchException($"{string.Join(' ', command)} did not start.");
        }
        catch
        {
            daemon.Dispose();
            throw;
        }
    }

    public void Dispose() => _process.Dispose();

    private static ChildProcess Launch(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, WorkingDirectory = "/" };
        var process = new ChildProcess(start, signal: "INT", StopTime);
        process.DiscardOutput();
        return process;
    }

    private async Task ListensAsync(int port, CancellationToken cancellationToken)
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
}
