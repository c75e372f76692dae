using Nyala.Cli.Connection;
using Nyala.Client;

namespace Nyala.Cli.Spool;

/// <summary>
/// Sends the reports in a store, oldest first and one request at a time. The reports of one deployment are always sent in order. If a deployment is stuck, the
/// others continue.
/// </summary>
internal sealed class ReportSender : IDisposable
{
    /// <summary>The time-out of a request. A server that hangs counts as down.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    private readonly NyalaClient _client;
    private readonly TimeProvider _clock;
    private readonly Dictionary<(string? Site, string Id), SendVerdict> _stuck = [];

    public ReportSender(ServerTarget server, TimeProvider clock)
    {
        _client = server.Connect(CallTimeout);
        _clock = clock;
    }

    /// <summary>Sends all waiting reports.</summary>
    /// <param name="store">The store of this sender's server.</param>
    /// <param name="print">Prints a message, for example about a report that was set aside.</param>
    /// <param name="cancellationToken">Stops the sending. Reports that were not sent are kept.</param>
    public async Task<DrainResult> DrainAsync(ReportStore store, Action<string> print, CancellationToken cancellationToken)
    {
        using IDisposable? turn = store.TryLock();
        if (turn is null)
        {
            return new DrainResult { Busy = true };
        }

        var result = new DrainResult();

        // Repeated until no new report appears: a process that finds the lock taken relies on its holder to send its reports.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        IReadOnlyList<string> names;
        while ((names = [.. store.Names().Where(name => !seen.Contains(name))]).Count > 0)
        {
            foreach (string name in names)
            {
                seen.Add(name);
                SendVerdict? verdict = await SendOneAsync(store, name, result, print, cancellationToken);
                if (verdict is { Outcome: SendOutcome.Down or SendOutcome.Unauthorized })
                {
                    return result with { Stopped = verdict };
                }
            }
        }

        return result;
    }

    /// <summary>Sends one report.</summary>
    public async Task<SendVerdict> SendAsync(SpooledReport report, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(CallTimeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await report.SendAsync(_client, either.Token) ? SendVerdict.Accepted with { NewSite = report.Site } : SendVerdict.Accepted;
        }
        catch (Exception error) when (SendVerdict.Of(error) is { } verdict)
        {
            return verdict;
        }
    }

    /// <summary>The time when the token expires, as the server last reported it; null if the token never expires or the server did not report it.</summary>
    public DateTimeOffset? TokenExpires => _client.TokenExpires;

    /// <summary>Returns why the server does not accept the reports of a deployment at present; null if it does.</summary>
    public SendVerdict? StuckBy(string? site, string id) => _stuck.GetValueOrDefault((site, id));

    /// <summary>Prints a notice if the report created its site.</summary>
    public static void PrintNewSite(SendVerdict verdict, Action<string> print)
    {
        if (verdict.NewSite is { } site)
        {
            print(NewSiteNotice.Text(site));
        }
    }

    /// <summary>Lets the sender try stuck deployments again.</summary>
    public void RetryStuck() => _stuck.Clear();

    public void Dispose() => _client.Dispose();

    /// <summary>Sends a stored report. Returns null if it was not sent because it cannot be read, or because the reports of its deployment are stuck.</summary>
    private async Task<SendVerdict?> SendOneAsync(
        ReportStore store, string name, DrainResult result, Action<string> print, CancellationToken cancellationToken)
    {
        SpooledReport? report = store.Read(name);
        if (report is null)
        {
            SetAside(store, name, "it is not a report that this version can read", result);
            print("a report cannot be read by this version and was not sent. See \"nyala spool list\".");
            return null;
        }

        if (_stuck.ContainsKey(report.Deployment))
        {
            return null;
        }

        SendVerdict verdict = await SendAsync(report, cancellationToken);
        switch (verdict.Outcome)
        {
            case SendOutcome.Accepted:
                store.Remove(name);
                result.Sent++;
                PrintNewSite(verdict, print);
                break;
            case SendOutcome.Refused:
                SetAside(store, name, verdict.Reason, result);
                print($"the server refused a report: {verdict.Reason}. See \"nyala spool list\".");
                break;
            case SendOutcome.Forbidden or SendOutcome.Failed:
                _stuck[report.Deployment] = verdict;
                print($"the server did not accept the reports for {report.Id}: {verdict.Reason}. They are kept.");
                break;
        }

        return verdict;
    }

    private static void SetAside(ReportStore store, string name, string reason, DrainResult result)
    {
        store.Refuse(name, reason);
        result.RefusedNames.Add(name);
    }
}

/// <summary>The result of sending the reports of a store.</summary>
internal sealed record DrainResult
{
    /// <summary>Whether another process is sending. Nothing was tried then.</summary>
    public bool Busy { get; init; }

    /// <summary>The number of reports that the server accepted.</summary>
    public int Sent { get; set; }

    /// <summary>The names of the reports that were set aside.</summary>
    public List<string> RefusedNames { get; } = [];

    /// <summary>The number of reports that were set aside.</summary>
    public int Refused => RefusedNames.Count;

    /// <summary>Why sending ended early; null if every report was tried.</summary>
    public SendVerdict? Stopped { get; init; }
}
