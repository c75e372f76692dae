using Nyala.Cli.Connection;
using Nyala.Client;

namespace Nyala.Cli.Spool;

/// <summary>
/// Sends what waits in a store, oldest first, one request at a time. The order within a deployment always holds; where a
/// deployment is stuck, the others go on.
/// </summary>
internal sealed class ReportSender : IDisposable
{
    /// <summary>How long one request may take: a server that hangs is a server that is down.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    private readonly NyalaClient _client;
    private readonly TimeProvider _clock;
    private readonly Dictionary<(string? Site, string Id), SendVerdict> _stuck = [];

    public ReportSender(ServerTarget server, TimeProvider clock)
    {
        _client = server.Connect(CallTimeout);
        _clock = clock;
    }

    /// <summary>Sends everything that waits.</summary>
    /// <param name="store">The store of this sender's server.</param>
    /// <param name="print">Hears of each report that was set aside.</param>
    /// <param name="cancellationToken">Ends the sending; what was not sent is kept.</param>
    public async Task<DrainResult> DrainAsync(ReportStore store, Action<string> print, CancellationToken cancellationToken)
    {
        using IDisposable? turn = store.TryLock();
        if (turn is null)
        {
            return new DrainResult { Busy = true };
        }

        var result = new DrainResult();

        // Repeated until nothing new appears: another process that found the lock taken relies on its holder.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        IReadOnlyList<string> names;
        while ((names = [.. store.Names().Where(name => !seen.Contains(name))]).Count > 0)
        {
            foreach (string name in names)
            {
                seen.Add(name);
                SendVerdict verdict = await SendOneAsync(store, name, result, print, cancellationToken);
                if (verdict.Outcome is SendOutcome.Down or SendOutcome.LockedOut)
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
            return await report.SendAsync(_client, either.Token) ? SendVerdict.Taken with { NewSite = report.Site } : SendVerdict.Taken;
        }
        catch (Exception error) when (SendVerdict.Of(error) is { } verdict)
        {
            return verdict;
        }
    }

    /// <summary>When the token expires that the server was last shown; null if never, or if the server did not say.</summary>
    public DateTimeOffset? TokenExpires => _client.TokenExpires;

    /// <summary>Why the server does not take a deployment's reports now; null if it does.</summary>
    public SendVerdict? StuckBy(string? site, string id) => _stuck.GetValueOrDefault((site, id));

    /// <summary>Says that a report has made its site.</summary>
    public static void PrintNewSite(SendVerdict verdict, Action<string> print)
    {
        if (verdict.NewSite is { } site)
        {
            print(NewSiteNotice.Text(site));
        }
    }

    /// <summary>Tries deployments again that were stuck.</summary>
    public void ForgetStuck() => _stuck.Clear();

    public void Dispose() => _client.Dispose();

    private async Task<SendVerdict> SendOneAsync(
        ReportStore store, string name, DrainResult result, Action<string> print, CancellationToken cancellationToken)
    {
        SpooledReport? report = store.Read(name);
        if (report is null)
        {
            Refuse(store, name, "it is not a report that this version can read", result, print);
            return SendVerdict.Taken;
        }

        if (_stuck.ContainsKey(report.Deployment))
        {
            return SendVerdict.Taken;
        }

        SendVerdict verdict = await SendAsync(report, cancellationToken);
        switch (verdict.Outcome)
        {
            case SendOutcome.Taken:
                store.Remove(name);
                result.Sent++;
                PrintNewSite(verdict, print);
                break;
            case SendOutcome.Refused:
                Refuse(store, name, verdict.Reason, result, print);
                break;
            case SendOutcome.Forbidden or SendOutcome.Failed:
                _stuck[report.Deployment] = verdict;
                print($"the server did not accept the reports for {report.Id}: {verdict.Reason}. They are kept.");
                break;
        }

        return verdict;
    }

    private static void Refuse(ReportStore store, string name, string reason, DrainResult result, Action<string> print)
    {
        store.Refuse(name, reason);
        result.RefusedNames.Add(name);
        print($"the server refused a report: {reason}. See \"nyala spool list\".");
    }
}

/// <summary>How a round of sending ended.</summary>
internal sealed record DrainResult
{
    /// <summary>True if another process is sending; nothing was tried.</summary>
    public bool Busy { get; init; }

    /// <summary>How many the server took.</summary>
    public int Sent { get; set; }

    /// <summary>Those that were set aside.</summary>
    public List<string> RefusedNames { get; } = [];

    /// <summary>How many were set aside.</summary>
    public int Refused => RefusedNames.Count;

    /// <summary>Why the round ended early; null if everything was tried.</summary>
    public SendVerdict? Stopped { get; init; }
}
