using System.ComponentModel;
using System.Diagnostics;
using Nyala.Server.Processes;

namespace Nyala.Cli.Run;

/// <summary>The wrapped command while it runs. It has this process's standard input, folder and environment.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int NotFoundError = 2;
    private const int FormatError = 8;

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream Errors => _process.StandardError.BaseStream;

    /// <summary>Starts a command; if it cannot be started, the end says why in a shell's way.</summary>
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
            // A script without a first line that names its interpreter: every shell hands it to sh.
            return (Start("/bin/sh", [found.Path, .. command.Skip(1)]), null);
        }
        catch (Win32Exception error)
        {
            // Here a file that is not found is the interpreter that a script names.
            int exitCode = error.NativeErrorCode == NotFoundError ? ExitCode.NotFound : ExitCode.NotExecutable;
            string reason = error.NativeErrorCode == NotFoundError ? "its interpreter was not found" : new Win32Exception(error.NativeErrorCode).Message;
            return (null, RunResult.NotStarted(exitCode, $"cannot run {command[0]}: {reason}"));
        }
    }

    /// <summary>Sends a signal; nothing once the process has ended.</summary>
    public void Signal(int signal)
    {
        if (!OperatingSystem.IsWindows() && !_process.HasExited)
        {
            Posix.SignalProcess(_process.Id, signal);
        }
    }

    /// <summary>Waits for the end and gives the exit code: 128 and the signal's number where one killed it.</summary>
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
