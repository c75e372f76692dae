using System.ComponentModel;
using System.Diagnostics;
using Nyala.Server.Processes;

namespace Nyala.Cli.Run;

/// <summary>The process of the wrapped command. It inherits this process's standard input, working folder and environment.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int NotFoundError = 2;
    private const int FormatError = 8;

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream Errors => _process.StandardError.BaseStream;

    /// <summary>Starts a command. If it cannot be started, returns a result with the reason and the exit code that a shell would return.</summary>
    public static (ChildProcess? Child, RunResult? NotStarted) Start(IReadOnlyList<string> command, string? path)
    {
        CommandPath found = CommandPath.Find(command[0], path);
        if (found.Problem is { } problem)
        {
            return (null, RunResult.NotStarted(found.ExitCode, problem));
        }

        try
        {
            return (Start(found.Path, command.Skip(1)), null);
        }
        catch (Win32Exception error) when (error.NativeErrorCode == FormatError && File.Exists("/bin/sh"))
        {
            // A script without a #! line: like a shell, run it with sh.
            return (Start("/bin/sh", [found.Path, .. command.Skip(1)]), null);
        }
        catch (Win32Exception error)
        {
            // The file itself exists, so "not found" means the interpreter in the #! line of a script.
            int exitCode = error.NativeErrorCode == NotFoundError ? ExitCode.NotFound : ExitCode.NotExecutable;
            string reason = error.NativeErrorCode == NotFoundError ? "its interpreter was not found" : new Win32Exception(error.NativeErrorCode).Message;
            return (null, RunResult.NotStarted(exitCode, $"cannot run {command[0]}: {reason}"));
        }
    }

    /// <summary>Sends a signal to the process. Does nothing if the process has ended, or on Windows.</summary>
    public void Signal(int signal)
    {
        if (!OperatingSystem.IsWindows() && !_process.HasExited)
        {
            Posix.SignalProcess(_process.Id, signal);
        }
    }

    /// <summary>Waits until the process ends, and returns its exit code: 128 plus the signal's number if a signal killed it.</summary>
    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        return _process.ExitCode;
    }

    public void Dispose() => _process.Dispose();

    private static ChildProcess Start(string file, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new ChildProcess(Process.Start(start)!);
    }
}
