using System.Threading.Channels;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Cli.Spool;
using Nyala.Client;
using Nyala.Server.Secrets;

namespace Nyala.Cli.Run;

/// <summary>
/// Reports a run to a server: its start, its log, a heartbeat while there is no output, and its end. Secrets are masked before anything is kept on disk or sent.
/// It never delays the command. After the command has ended, it has <see cref="FinalSendLimit"/> to send the reports that are still waiting.
/// </summary>
internal sealed class Reporter : IDisposable
{
    public static readonly TimeSpan FinalSendLimit = TimeSpan.FromSeconds(10);

    /// <summary>How long the server waits for the next report before it ends the run as failed.</summary>
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    // While the server is down, log lines are written to disk in larger pieces and less often.
    private const int OfflinePiece = 256 * 1024;
    private static readonly TimeSpan OfflinePause = TimeSpan.FromSeconds(15);

    private readonly TimeProvider _clock;
    private readonly RunNotices _notices;
    private readonly TextMask _mask;
    private readonly string _stateFolder;
    private readonly string? _site;
    private readonly string _run;
    private readonly ServerTarget _server;
    private readonly ReportStore _store;
    private readonly ReportSender _sender;
    private readonly Outbox _outbox;
    private readonly RunLog _log;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _over = new();
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private RunFacts? _facts;
    private Task _loop = Task.CompletedTask;
    private SendVerdict? _down;
    private bool _ended;
    private int _failures;
    private long _lastSent;
    private long _nextTry;
    private long _lastKept;

    public Reporter(CommandEnvironment environment, ServerTarget server, string? site, TextMask mask, RunNotices notices)
    {
        _clock = environment.Clock;
        _stateFolder = environment.StateFolder;
        _notices = notices;
        _mask = mask.With(server.Token);
        _site = site;
        _server = server;
        _run = Guid.NewGuid().ToString("N");
        _store = ReportStore.Of(environment.StateFolder, server);
        _sender = new ReportSender(server, _clock);
        _outbox = new Outbox(server, _store, _sender, _run, _clock, PrintOnce);
        _log = new RunLog(_clock, Wake);
    }

    /// <summary>Adds a line of the command's output to the log.</summary>
    public void AddLine(string line) => _log.Add(_mask.Apply(line));

    /// <summary>Starts to report.</summary>
    /// <param name="started">The time when the command was started.</param>
    /// <param name="facts">The facts about the run. The task may still be running.</param>
    public void Start(DateTimeOffset started, Task<RunFacts> facts) => _loop = Task.Run(() => LoopAsync(started, facts));

    /// <summary>Reports the end. Returns when all reports are sent, when the server does not accept the token or the reports, when <paramref name="giveUp"/> is canceled, or after <see cref="FinalSendLimit"/>.</summary>
    /// <returns>Whether the server accepted every report of this run.</returns>
    /// <param name="end">The result of the run.</param>
    /// <param name="started">The time when the run was started.</param>
    /// <param name="ended">The time when it ended.</param>
    /// <param name="giveUp">Ends the wait immediately. Reports that were not sent are kept.</param>
    public async Task<bool> EndAsync(RunResult end, DateTimeOffset started, DateTimeOffset ended, CancellationToken giveUp)
    {
        using CancellationTokenRegistration byHand = giveUp.Register(_over.Cancel);
        using ITimer timeUp = _clock.CreateTimer(_ => _over.Cancel(), null, FinalSendLimit, Timeout.InfiniteTimeSpan);
        Volatile.Write(ref _ended, true);
        Wake();
        await _loop;
        _log.Close();
        KeepLog();
        _outbox.Add(SpooledReport.Of(_site, _facts!.Id, _run, Report(end.Status, started) with { StatusText = _mask.Apply(end.Text), EndTime = ended }));
        _sender.RetryStuck();
        await SendLastAsync();
        if (TokenNotice.Of(_sender.TokenExpires, _clock.GetUtcNow()) is { } expiring)
        {
            _notices.Print(expiring);
        }

        PrintOtherServers();
        int left = _outbox.Left;
        _notices.Print(Sum(end, ended - started, left));
        return left == 0 && _outbox.Refused == 0;
    }

    /// <summary>Prints which reports wait for other servers, if the spool can be read.</summary>
    private void PrintOtherServers()
    {
        try
        {
            foreach (SpoolSummary other in ReportStore.ForOtherServers(_stateFolder, _server))
            {
                _notices.Print(other.Advice(_server.Name));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A disk that cannot be used was already reported when reports were saved.
        }
    }

    public void Dispose()
    {
        _over.Dispose();
        _sender.Dispose();
    }

    private async Task LoopAsync(DateTimeOffset started, Task<RunFacts> facts)
    {
        _facts = await facts;
        using ITimer tick = _clock.CreateTimer(_ => Wake(), null, Tick, Tick);
        _outbox.Add(SpooledReport.Of(_site, _facts.Id, _run, Report(DeploymentStatus.Deploying, started)));
        await SendAsync();
        while (!Volatile.Read(ref _ended))
        {
            await _wake.Reader.ReadAsync();
            bool kept = KeepIsDue() && KeepLog();
            if (kept || _outbox.Left > 0)
            {
                await SendAsync();
            }
            else
            {
                await SendHeartbeatAsync();
            }
        }
    }

    private DeploymentReport Report(DeploymentStatus status, DateTimeOffset started) => new()
    {
        Status = status,
        Message = _mask.Apply(_facts!.Message),
        Deployer = _facts.Deployer,
        Author = _facts.Author,
        AuthorEmail = _facts.AuthorEmail,
        Branch = _facts.Branch,
        StartTime = started,
        Run = _run,
        SilentAfter = (int)SilentAfter.TotalSeconds,
    };

    private bool KeepIsDue() => _down is null || _log.Waiting >= OfflinePiece || _clock.GetElapsedTime(_lastKept) >= OfflinePause;

    private bool KeepLog()
    {
        bool any = false;
        IReadOnlyList<LogLine> lines;
        while ((lines = _log.Take()).Count > 0)
        {
            _outbox.Add(SpooledReport.Of(_site, _facts!.Id, _run, lines));
            any = true;
        }

        _lastKept = _clock.GetTimestamp();
        return any;
    }

    private async Task SendAsync()
    {
        if (_down is not null && _clock.GetTimestamp() < _nextTry)
        {
            return;
        }

        Apply(await _outbox.SendAsync(_over.Token));
    }

    private async Task SendHeartbeatAsync()
    {
        if (_clock.GetElapsedTime(_lastSent) >= HeartbeatInterval && (_down is null || _clock.GetTimestamp() >= _nextTry))
        {
            Apply(await _sender.SendAsync(SpooledReport.Of(_site, _facts!.Id, _run, Array.Empty<LogLine>()), _over.Token));
        }
    }

    private void Apply(SendVerdict? verdict)
    {
        if (verdict?.Outcome is not (SendOutcome.Down or SendOutcome.Unauthorized))
        {
            _down = null;
            _failures = 0;
            _lastSent = _clock.GetTimestamp();
            return;
        }

        if (_failures == 0 && !Volatile.Read(ref _ended))
        {
            _notices.Print($"{Problem(verdict)}. The deployment continues, and its reports are kept.");
        }

        // Tries again after 1, 2, 4 and 8 s, then every 15 s.
        double pause = Math.Min(Math.Pow(2, Math.Min(_failures++, 4)), 15);
        _down = verdict;
        _nextTry = _clock.GetTimestamp() + (long)(pause * _clock.TimestampFrequency);
    }

    private async Task SendLastAsync()
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(100);
        try
        {
            while (true)
            {
                Apply(await _outbox.SendAsync(_over.Token));
                if (_outbox.Left == 0 || Refusal()?.Outcome is SendOutcome.Unauthorized or SendOutcome.Forbidden || _over.IsCancellationRequested)
                {
                    return;
                }

                await Task.Delay(pause, _clock, _over.Token);
                pause = pause * 2 < Tick ? pause * 2 : Tick;
            }
        }
        catch (OperationCanceledException)
        {
            // The time is up, or a signal ended the wait.
        }
    }

    private string Sum(RunResult end, TimeSpan took, int left)
    {
        if (left == 0)
        {
            return _outbox.Refused > 0
                ? $"the server at {_server.Name} refused {_outbox.Refused} reports for this deployment. See \"nyala spool list\"."
                : $"deployment {_facts!.Id} reported: {end.Text ?? "success"}, {Display.Duration(took)}.";
        }

        return _outbox.InMemory > 0
            ? $"{Problem(Refusal())}: {left} reports are lost because they could not be saved to disk ({_outbox.DiskProblem})."
            : $"{Problem(Refusal())}: {left} reports are kept in {_store.Folder}. The next \"nyala run\" or \"nyala spool send\" sends them.";
    }

    /// <summary>Returns why the server accepts no reports at all, or none of this run; null if it accepts them.</summary>
    private SendVerdict? Refusal() => _down ?? _sender.StuckBy(_site, _facts!.Id);

    private string Problem(SendVerdict? verdict) => verdict switch
    {
        null => $"the server at {_server.Name} has not accepted every report",
        { Outcome: SendOutcome.Unauthorized } when _server.Token is null => $"the server at {_server.Name} requires a token (set {ServerChoice.TokenVariable})",
        { Outcome: SendOutcome.Unauthorized } => $"the server at {_server.Name} does not accept the token ({verdict.Reason})",
        { Outcome: SendOutcome.Forbidden } => $"the server at {_server.Name} does not let this token report the deployment ({verdict.Reason})",
        { Outcome: SendOutcome.Failed } => $"the server at {_server.Name} failed ({verdict.Reason})",
        _ => $"the server at {_server.Name} cannot be reached ({verdict.Reason})",
    };

    // A server that refuses one part of the log refuses the next one for the same reason.
    private void PrintOnce(string problem)
    {
        if (_said.Add(problem))
        {
            _notices.Print(problem);
        }
    }

    private void Wake() => _wake.Writer.TryWrite(true);
}
