using System.Threading.Channels;
using Nyala.Client;
using Nyala.Server.Deployments;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>Opens the logs of runs for the output of their deployments.</summary>
internal sealed class RunOutputs(IStore store, RunLogs log, LogNotifier notifier, TimeProvider clock, ILogger<RunOutputs> logger)
{
    public RunOutput Open(long run) => new(run, store, log, notifier, clock, logger);
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
    private readonly long _run;
    private readonly IStore _store;
    private readonly RunLogs _log;
    private readonly LogNotifier _notifier;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Task _writing;

    public RunOutput(long run, IStore store, RunLogs log, LogNotifier notifier, TimeProvider clock, ILogger logger)
    {
        (_run, _store, _log, _notifier, _clock, _logger) = (run, store, log, notifier, clock, logger);
        _writing = WriteAsync();
    }

    public ValueTask WriteAsync(string line, LogEntryType type = LogEntryType.Message) =>
        _lines.Writer.WriteAsync(new LogLine { Message = line, Type = type, LogTime = _clock.GetUtcNow() });

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
                await _store.WriteAsync(tables =>
                {
                    _log.Append(tables, _run, batch, _clock.GetUtcNow());
                    return true;
                });
                _notifier.Notify(_run);
            }
            catch (StoreUnavailableException)
            {
                // These lines are lost, but the deployment continues.
            }
#pragma warning disable CA1031 // If this loop ended, the lines would pile up and block the command forever.
            catch (Exception error)
#pragma warning restore CA1031
            {
                DeployingLog.LinesLost(_logger, error, _run);
            }
        }
    }
}
