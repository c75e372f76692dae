using Nyala.Cli.Connection;
using Nyala.Cli.Run.Ci;

namespace Nyala.Cli.Run;

/// <summary>Runs a command, passes on its output and the signals for it, and reports the run.</summary>
internal sealed class CommandWrapper(CommandEnvironment environment, RunRequest request, RunNotices notices)
{
    // Long enough to read the commit before the command can change it, and too short to be noticed if git hangs.
    private static readonly TimeSpan GitFirst = TimeSpan.FromMilliseconds(250);

    // How long to wait for output from a process that the command left behind.
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Runs the command until it ends, and returns its exit code. With <c>--strict</c>, returns <see cref="ExitCode.NotReported"/> if the command succeeded but
    /// its report was not delivered.
    /// </summary>
    /// <param name="server">The server to report to; null to report nothing.</param>
    public async Task<int> RunAsync(ServerTarget? server)
    {
        TimeProvider clock = environment.Clock;
        using var relay = new SignalRelay();
        using Reporter? reporter = server is null ? null : new Reporter(environment, server, request.Site, request.Mask, notices);
        Task<RunFacts>? facts = reporter is null ? null : FactsAsync();
        await Task.WhenAny(facts ?? Task.CompletedTask, Task.Delay(GitFirst, clock, CancellationToken.None));

        DateTimeOffset started = clock.GetUtcNow();
        (ChildProcess? child, RunResult? end) = ChildProcess.Start(request.Command, environment.Variable("PATH"));
        using (child)
        {
            reporter?.Start(started, facts!);
            if (child is not null)
            {
                relay.Attach(child);
                end = RunResult.Of(await PassAsync(child, reporter), relay.First);
            }
            else
            {
                notices.PrintAlways(end!.Text!);
            }
        }

        relay.Detach();
        DateTimeOffset ended = clock.GetUtcNow();
        bool reported = reporter is not null && await ReportEndAsync(reporter, end!, started, ended, relay.GiveUp);
        if (!request.Strict || reported || end!.ExitCode != ExitCode.Done)
        {
            return end!.ExitCode;
        }

        notices.PrintAlways($"the command succeeded, but its report was not delivered. Exiting with {ExitCode.NotReported} because of --strict.");
        return ExitCode.NotReported;
    }

    private async Task<int> PassAsync(ChildProcess child, Reporter? reporter)
    {
        (Stream output, Stream errors) = environment.OpenRaw();
        OutputPump[] pumps = [Pump(child.Output, output), Pump(child.Errors, errors)];
        foreach (OutputPump pump in pumps)
        {
            pump.Start();
        }

        int exitCode = await child.WaitAsync();
        bool[] complete = await Task.WhenAll(pumps.Select(pump => pump.DrainAsync(OutputGrace)));
        if (complete.Contains(false))
        {
            notices.Print("the command left a background process that still holds its output open. Further output from that process is lost. To keep it, redirect it to a file.");
        }

        return exitCode;

        // The log does not distinguish the two streams: many tools print progress on standard error, so a line there does not mean a failure.
        OutputPump Pump(Stream from, Stream to) => new(from, to, line => reporter?.AddLine(line), notices.Print, environment.Clock);
    }

    private async Task<RunFacts> FactsAsync()
    {
        GitResult git = await Git.ReadAsync(environment);
        CiFacts? ci = CiFacts.Read(CiVariables.Of(environment));
        if (GitNotice.Of(git, ci, request) is { } notice)
        {
            notices.Print(notice);
        }

        return RunFacts.Of(request, git.Facts, ci, Environment.UserName, Guid.NewGuid().ToString("N"));
    }

    private async Task<bool> ReportEndAsync(Reporter reporter, RunResult end, DateTimeOffset started, DateTimeOffset ended, CancellationToken giveUp)
    {
        try
        {
            return await reporter.EndAsync(end, started, ended, giveUp);
        }
#pragma warning disable CA1031 // A failure in the reporting must not hide the exit code of the command.
        catch (Exception error)
        {
            notices.Print($"reporting failed: {error.GetType().Name}: {error.Message}");
            return false;
        }
#pragma warning restore CA1031
    }
}
