using System.Threading.Channels;
using Nyala.Client;
using Nyala.Server.Deployments;
using Nyala.Server.Secrets;
using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>Opens the logs of runs for the output of their deployments.</summary>
internal sealed class RunOutputs(IStore store, SiteMasks masks, RunLogs log, LogNotifier notifier, TimeProvider clock, ILogger<RunOutputs> logger)
{
    public RunOutput Open(RunRecord run) => new(run, store, masks, log, notifier, clock, logger);
}

/// <summary>
/// Writes the output of a deployment to the log of its run, line by line. While one batch is being written to disk, the next one collects. If the disk is
/// slower than the command, the command waits.
/// </summary>
internal sealed class RunOutput
{
    private const int MaxWaiting = 4096;
    private const int MaxInBatch = 1024;

    private readonly Channel<LogLine> _lines = Channel.CreateBounded<LogLine>(MaxWaiting);
    private readonly RunRecord _run;
    private readonly IStore _store;
    private readonly SiteMasks _masks;
    private readonly RunLogs _log;
    private readonly LogNotifier _notifier;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Task _writing;
    private volatile TextMask? _mask;

    public RunOutput(RunRecord run, IStore store, SiteMasks masks, RunLogs log, LogNotifier notifier, TimeProvider clock, ILogger logger)
    {
        (_run, _store, _masks, _log, _notifier, _clock, _logger) = (run, store, masks, log, notifier, clock, logger);
        _writing = WriteAsync();
    }

    public ValueTask WriteAsync(string line, LogEntryType type = LogEntryType.Message) =>
        _lines.Writer.WriteAsync(new LogLine { Message = line, Type = type, LogTime = _clock.GetUtcNow() });

    /// <summary>
    /// Masks these settings from now on, instead of the stored ones. Call it before a command gets them, because the stored ones may change while it runs.
    /// </summary>
    public void Mask(IReadOnlyDictionary<string, string> settings) => _mask = SiteMasks.Of(settings);

    /// <summary>Ends the log. The task completes when every line is durable or could not be written.</summary>
    public Task CompleteAsync()
    {
        _lines.Writer.TryComplete();
        return _writing;
    }

    private async Task WriteAsync()
    {
        var batch = new List<LogLine>();
        while (await _lines.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MaxInBatch && _lines.Reader.TryRead(out LogLine? line))
            {
                batch.Add(line);
            }

            try
            {
                TextMask mask = _mask ?? await _masks.OfAsync(_run.Site, CancellationToken.None);
                var masked = LogBatch.Of(mask, batch);
                await _store.WriteAsync(tables =>
                {
                    _log.Append(tables, _run.Id, masked, _clock.GetUtcNow());
                    return true;
                });
                _notifier.Notify(_run.Id);
            }
            catch (StoreUnavailableException)
            {
                // These lines are lost, but the deployment continues.
            }
#pragma warning disable CA1031 // If this loop ended, the lines would pile up and block the command forever.
            catch (Exception error)
#pragma warning restore CA1031
            {
                DeployingLog.LinesLost(_logger, error, _run.Id);
            }
        }
    }
}
