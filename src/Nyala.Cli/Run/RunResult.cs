using Nyala.Client;

namespace Nyala.Cli.Run;

/// <summary>How a run ended.</summary>
/// <param name="ExitCode">What the caller of <c>nyala run</c> gets.</param>
/// <param name="Status">What is reported.</param>
/// <param name="Text">Why it failed; null on success.</param>
internal sealed record RunResult(int ExitCode, DeploymentStatus Status, string? Text)
{
    /// <summary>The command could not be started.</summary>
    public static RunResult NotStarted(int exitCode, string problem) => new(exitCode, DeploymentStatus.Failed, problem);

    /// <summary>
    /// The command has ended. After SIGINT, SIGQUIT or SIGTERM the run counts as failed even where the command exits with 0:
    /// somebody stopped it, and nobody may be told that it is deployed. SIGHUP alone asks for less: a command that lives
    /// on when its terminal is closed may still end well.
    /// </summary>
    /// <param name="exitCode">The command's, 128 and the signal's number where one killed it.</param>
    /// <param name="received">The first signal that <c>nyala run</c> itself got, 0 for none.</param>
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

        // A shell whose last command was killed exits with the same code: either way a signal is the cause.
        return new RunResult(
            exitCode,
            DeploymentStatus.Failed,
            Signals.NameOf(exitCode - 128) is { } signal ? $"killed by {signal} (exit code {exitCode})" : $"exit code {exitCode}");
    }
}
