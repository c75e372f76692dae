using System.ComponentModel;
using System.Diagnostics;
using Nyala.Cli.Run;
using Nyala.Server.Processes;

namespace Nyala.Cli.Demo;

/// <summary>
/// A process of the demo. It inherits the environment without the variables of Nyala and git. If it is this program, it uses the demo's state folder instead of
/// the user's.
/// </summary>
internal sealed class DemoProcess : IDisposable
{
    private static readonly TimeSpan SoftEnd = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Task _output;

    private DemoProcess(ProcessStartInfo start, Action<string> line)
    {
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _output = Task.WhenAll(ReadAsync(_process.StandardOutput, line), ReadAsync(_process.StandardError, line));
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts another process of this program.</summary>
    /// <param name="arguments">The arguments of the process.</param>
    /// <param name="workingFolder">The working folder of the process.</param>
    /// <param name="demoFolder">The demo's folder, which contains its state folder.</param>
    /// <param name="line">Receives each line of output.</param>
    public static DemoProcess StartNyala(IEnumerable<string> arguments, string workingFolder, string demoFolder, Action<string> line)
    {
        // If this program runs as "dotnet nyala.dll", the executable is dotnet, which needs the path of nyala.dll as its first argument.
        string self = Environment.ProcessPath ?? throw new CommandFailure("cannot determine the path of this program.");
        bool hosted = Path.GetFileNameWithoutExtension(self).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        IEnumerable<string> all = hosted ? arguments.Prepend(Path.Combine(AppContext.BaseDirectory, "nyala.dll")) : arguments;
        return Start(self, all, workingFolder, line, environment => environment["XDG_STATE_HOME"] = StateHome(demoFolder));
    }

    /// <summary>Returns the value of <c>XDG_STATE_HOME</c> for the processes of this program.</summary>
    public static string StateHome(string demoFolder) => Path.Combine(demoFolder, "state");

    public static DemoProcess Start(
        string file, IEnumerable<string> arguments, string workingFolder, Action<string> line, Action<IDictionary<string, string?>>? environment = null)
    {
        var start = new ProcessStartInfo(file)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        string[] astray = [.. start.Environment.Keys.Where(name => name.StartsWith("NYALA_", StringComparison.OrdinalIgnoreCase) || name.StartsWith("GIT_", StringComparison.Ordinal))];
        foreach (string name in astray)
        {
            start.Environment.Remove(name);
        }

        environment?.Invoke(start.Environment);
        try
        {
            return new DemoProcess(start, line);
        }
        catch (Win32Exception error)
        {
            throw new CommandFailure($"cannot start {file}: {error.Message}");
        }
    }

    /// <summary>Waits until the process ends and all its output is read, and returns the exit code.</summary>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _output.WaitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Asks the process to stop, and kills it if it does not.</summary>
    public async Task StopAsync(TimeProvider clock)
    {
        if (_process.HasExited)
        {
            return;
        }

        if (!OperatingSystem.IsWindows())
        {
            Posix.SignalProcess(_process.Id, Signals.Terminate);
            using var limit = new CancellationTokenSource(SoftEnd, clock);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
                return;
            }
            catch (OperationCanceledException)
            {
                // It did not stop in time.
            }
        }

        _process.Kill(entireProcessTree: true);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static async Task ReadAsync(StreamReader output, Action<string> line)
    {
        while (await output.ReadLineAsync() is { } text)
        {
            line(text);
        }
    }
}
