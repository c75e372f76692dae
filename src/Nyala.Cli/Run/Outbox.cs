using Nyala.Cli.Connection;
using Nyala.Cli.Spool;

namespace Nyala.Cli.Run;

/// <summary>
/// The unsent reports of one run. Each report is on disk before it is sent, so that it is not lost if the server is down or this process dies. Reports that
/// cannot be written to disk wait in memory, and are lost when this process ends.
/// </summary>
internal sealed class Outbox(ServerTarget server, ReportStore store, ReportSender sender, string run, TimeProvider clock, Action<string> print)
{
    private readonly Queue<SpooledReport> _memory = new();
    private string? _diskProblem;
    private long _lastTicks;

    /// <summary>The number of reports that wait in memory because they could not be written to disk.</summary>
    public int InMemory => _memory.Count;

    /// <summary>The number of reports of this run that the server refused permanently.</summary>
    public int Refused { get; private set; }

    /// <summary>Why reports cannot be written to disk; null if they can.</summary>
    public string? DiskProblem => _diskProblem;

    /// <summary>The number of reports of this run that wait to be sent. Refused reports are not counted.</summary>
    public int Left => _memory.Count + OnDisk();

    public void Add(SpooledReport report)
    {
        // Once a report waits in memory, all later ones must too, because the reports on disk are sent first.
        if (_diskProblem is null)
        {
            (string name, _lastTicks) = SpoolName.Next(clock.GetUtcNow(), run, _lastTicks);
            try
            {
                store.Add(name, report, server.Name);
                return;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                _diskProblem = error.Message.TrimEnd('.');
                print($"cannot save reports to disk: {_diskProblem}. Nyala retries them only until this run ends. Set XDG_STATE_HOME to a writable folder.");
            }
        }

        _memory.Enqueue(report);
    }

    /// <summary>Sends all reports that wait for this server, including those of other runs.</summary>
    /// <returns>Why sending ended early; null if it did not.</returns>
    public async Task<SendVerdict?> SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            DrainResult result = await sender.DrainAsync(store, print, cancellationToken);
            Refused += result.RefusedNames.Count(name => SpoolName.RunOf(name) == run);
            if (result.Stopped is not null)
            {
                return result.Stopped;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The lock cannot be taken on this disk. Reports in memory do not need it.
            _diskProblem ??= error.Message.TrimEnd('.');
        }

        return await SendMemoryAsync(cancellationToken);
    }

    private async Task<SendVerdict?> SendMemoryAsync(CancellationToken cancellationToken)
    {
        while (_memory.TryPeek(out SpooledReport? report))
        {
            SendVerdict verdict = await sender.SendAsync(report, cancellationToken);
            if (verdict.Outcome is not (SendOutcome.Accepted or SendOutcome.Refused))
            {
                return verdict;
            }

            if (verdict.Outcome is SendOutcome.Refused)
            {
                Refused++;
                print($"a report was refused: {verdict.Reason}.");
            }

            ReportSender.PrintNewSite(verdict, print);
            _memory.Dequeue();
        }

        return null;
    }

    private int OnDisk()
    {
        try
        {
            return store.Names().Count(name => SpoolName.RunOf(name) == run);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
