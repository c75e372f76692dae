using Nyala.Client;

namespace Nyala.Cli.Run;

/// <summary>The result of a run.</summary>
/// <param name="ExitCode">The exit code of <c>nyala run</c>.</param>
/// <param name="Status">The status to report.</param>
/// <param name="Text">Why the run failed; null if it succeeded.</param>
internal sealed record RunResult(int ExitCode, DeploymentStatus Status, string? Text)
{
    /// <summary>The result of a command that could not be started.</summary>
    public static RunResult NotStarted(int exitCode, string problem) => new(exitCode, DeploymentStatus.Failed, problem);

    /// <summary>
    /// The result of a command that has ended. After SIGINT, SIGQUIT or SIGTERM, the run counts as failed even if the command exits with 0: it was stopped, so
    /// it must not be reported as deployed. After SIGHUP, exit code 0 counts as success, because a command can survive the closing of its terminal.
    /// </summary>
    /// <param name="exitCode">The command's exit code; 128 plus the signal's number if a signal killed it.</param>
    /// <param name="received">The first signal that <c>nyala run</c> itself received; 0 if none.</param>
    public static RunResult Of(int exitCode, int received)
    {
        bool stopped = received != 0 && (exitCode != 0 || received != Signals.Hangup);
        if (stopped)
        {
            string suffix = exitCode == Cli.ExitCode.Signalled(received) ? "" : $", exit code {exitCode}";
            return new RunResult(exitCode, DeploymentStatus.Failed, $"interrupted ({Signals.NameOf(received)}){suffix}");
        }

        if (exitCode == 0)
        {
            return new RunResult(0, DeploymentStatus.Success, null);
        }

        // A shell exits with the same code if its last command was killed. Either way, a signal is the cause.
        return new RunResult(
            exitCode,
            DeploymentStatus.Failed,
            Signals.NameOf(exitCode - 128) is { } signal ? $"killed by {signal} (exit code {exitCode})" : $"exit code {exitCode}");
    }
}
