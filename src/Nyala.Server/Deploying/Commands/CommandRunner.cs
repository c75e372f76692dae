using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Channels;
using Nyala.Server.Processes;
using Nyala.Server.Sites;

namespace Nyala.Server.Deploying.Commands;

/// <summary>
/// Runs a deploy command in a shell, in its own session, so that it can be ended together with everything that it started. If the command ends by itself, the
/// processes that it leaves running continue: a command may start a service.
/// </summary>
internal sealed class CommandRunner(DeployingOptions options, TimeProvider clock)
{
    /// <summary>How long the output is still read after the command has ended.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(1);

    /// <summary>Runs the command until it ends.</summary>
    /// <param name="command">The command line for the shell.</param>
    /// <param name="folder">The folder in which the command runs.</param>
    /// <param name="variables">The environment variables, in addition to those of <see cref="CleanEnvironment"/>.</param>
    /// <param name="idleLimit">How long the command may neither write nor use the processor; null for no limit.</param>
    /// <param name="output">Receives the lines of both output streams.</param>
    /// <param name="cancellationToken">Cancels the operation, which ends the command.</param>
    /// <returns>How the command ended.</returns>
    /// <exception cref="OperationCanceledException">The token was canceled, and the command was ended with everything that it had started.</exception>
    public async Task<CommandResult> RunAsync(
        string command, string folder, IEnumerable<KeyValuePair<string, string>> variables, TimeSpan? idleLimit, RunOutput output, CancellationToken cancellationToken)
    {
        // Other users must be able to read a release, whatever the server's umask.
        var start = new ProcessStartInfo("setsid", ["/bin/sh", "-c", "umask 022; exec /bin/sh -c \"$1\"", "sh", command])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach ((string name, string value) in CleanEnvironment.Variables.Concat(variables))
        {
            start.Environment[name] = value;
        }

        (Process? begun, string reason) = Begin(start);
        if (begun is null)
        {
            return new CommandResult(reason);
        }

        using Process process = begun;
        process.StandardInput.Close();
        var idle = new IdleDetector(process.Id, clock);
        Task pumping = Task.WhenAll(PumpAsync(process.StandardOutput.BaseStream, output, idle), PumpAsync(process.StandardError.BaseStream, output, idle));
        using var limit = new CancellationTokenSource(options.CommandLimit, clock);
        using var idled = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, idled.Token, cancellationToken);
        Task watching = idleLimit is { } quiet ? idle.CancelAsync(quiet, idled, either.Token) : Task.CompletedTask;
        string? failure;
        try
        {
            await process.WaitForExitAsync(either.Token);
            failure = process.ExitCode == 0 ? null : Explain(process.ExitCode);
        }
        catch (OperationCanceledException)
        {
            await ProcessGroup.EndAsync(process, clock);

            // A process that called setsid itself is in another group.
            OrphanProcesses.EndCommand(folder);
            failure = limit.IsCancellationRequested
                ? $"The command ran longer than {options.CommandLimit:g} and was stopped, with every process that it had started (Deploying:CommandLimit)."
                : $"The command wrote nothing and used no processor for {idleLimit:g} and was stopped, with every process that it had started ({KuduSettings.IdleTimeout}).";
        }

        await either.CancelAsync();
        await watching;

        // A process that the command left running may hold its output open forever.
        await Task.WhenAny(pumping, Task.Delay(Drain, clock, CancellationToken.None));
        cancellationToken.ThrowIfCancellationRequested();
        return new CommandResult(failure, process.ExitCode);
    }

    private static (Process? Process, string Reason) Begin(ProcessStartInfo start)
    {
        try
        {
            return (Process.Start(start), "");
        }
        catch (Win32Exception error) when (error.NativeErrorCode == Posix.NoSuchFile)
        {
            return (null, "A deploy command needs setsid, which is not installed on the server's machine. Install util-linux, or run the server on Linux.");
        }
        catch (Win32Exception error) when (error.NativeErrorCode == Posix.TooLong)
        {
            return (null, "The command cannot be started: together with the site's settings, it is longer than the operating system allows. Move long values into a file.");
        }
        catch (Win32Exception error)
        {
            return (null, $"The command cannot be started: {error.Message}.");
        }
    }

    private static string Explain(int exitCode) => exitCode > 128
        ? $"The command failed with exit code {exitCode} (signal {exitCode - 128})."
        : $"The command failed with exit code {exitCode}.";

    private static async Task PumpAsync(Stream stream, RunOutput output, IdleDetector idle)
    {
        try
        {
            await foreach (string line in LineSplitter.LinesOf(stream, idle.Wrote))
            {
                await output.WriteAsync(line);
            }
        }
        catch (ChannelClosedException)
        {
            // The log has ended, but processes that the command left running must not block on a pipe that nobody reads.
            await DrainAsync(stream);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The process is gone.
        }
    }

    private static async Task DrainAsync(Stream stream)
    {
        try
        {
            await stream.CopyToAsync(Stream.Null);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The process is gone.
        }
    }
}

/// <summary>How a command ended.</summary>
/// <param name="Failure">Why it failed, for people; null if it succeeded.</param>
/// <param name="ExitCode">Its exit code; 0 if it was never started.</param>
internal readonly record struct CommandResult(string? Failure, int ExitCode = 0);
