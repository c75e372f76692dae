using Nyala.Cli.Connection;
using Nyala.Cli.Spool;

namespace Nyala.Cli.Run;

/// <summary>
/// The reports of one run on their way. Each is on disk before it is sent, so that neither a server that is down nor the
/// death of this process loses it; where the disk does not take them they wait in memory, for this process only.
/// </summary>
internal sealed class Outbox(ServerTarget server, ReportStore store, ReportSender sender, string run, TimeProvider clock, Action<string> print)
{
    private readonly Queue<SpooledReport> _memory = new();
    private string? _diskProblem;
    private long _lastTicks;

    /// <summary>How many were handed over in memory only because the disk refused; what is left of them ends with this process.</summary>
    public int InMemory => _memory.Count;

    /// <summary>How many of this run's reports the server refused for good.</summary>
    public int Refused { get; private set; }

    /// <summary>Why the disk does not take reports; null if it does.</summary>
    public string? DiskProblem => _diskProblem;

    /// <summary>How many of this run's reports the server has not taken yet, set-aside ones not counted.</summary>
    public int Left => _memory.Count + OnDisk();

    public void Add(SpooledReport report)
    {
        // Once one is in memory, those behind it must be too: the disk is sent first.
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

    /// <summary>Sends everything that waits for this server, also what other runs left.</summary>
    /// <returns>Why not everything was tried; null if it was.</returns>
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
            // The disk does not even give the lock. What is in memory needs none.
            _diskProblem ??= error.Message.TrimEnd('.');
        }

        return await SendMemoryAsync(cancellationToken);
    }

    private async Task<SendVerdict?> SendMemoryAsync(CancellationToken cancellationToken)
    {
        while (_memory.TryPeek(out SpooledReport? report))
        {
            SendVerdict verdict = await sender.SendAsync(report, cancellationToken);
            if (verdict.Outcome is not (SendOutcome.Taken or SendOutcome.Refused))
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
