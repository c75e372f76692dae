using System.Threading.Channels;
using Nyala.Client;
using Nyala.Server.Deployments;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>Opens the logs of runs, to write what their deployments say.</summary>
internal sealed class RunOutputs(IStore store, RunLogs log, LogFeed feed, TimeProvider clock, ILogger<RunOutputs> logger)
{
    public RunOutput Open(long run) => new(run, store, log, feed, clock, logger);
}

/// <summary>
/// Takes what a deployment says, line by line, to the log of its run. While one batch is on its way to the disk the next
/// one gathers; where the disk is slower than the command, the command waits.
/// </summary>
internal sealed class RunOutput
{
    private const int MostWaiting = 4096;
    private const int MostInBatch = 1024;

    private readonly Channel<LogLine> _lines = Channel.CreateBounded<LogLine>(MostWaiting);
    private readonly long _run;
    private readonly IStore _store;
    private readonly RunLogs _log;
    private readonly LogFeed _feed;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Task _writing;

    public RunOutput(long run, IStore store, RunLogs log, LogFeed feed, TimeProvider clock, ILogger logger)
    {
        (_run, _store, _log, _feed, _clock, _logger) = (run, store, log, feed, clock, logger);
        _writing = WriteAsync();
    }

    public ValueTask WriteAsync(string line, LogEntryType type = LogEntryType.Message) =>
        _lines.Writer.WriteAsync(new LogLine { Message = line, Type = type, LogTime = _clock.GetUtcNow() });

    /// <summary>Ends the log. It completes once all of it is durable, or could not be written.</summary>
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
            while (batch.Count < MostInBatch && _lines.Reader.TryRead(out LogLine? line))
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
                _feed.Tell(_run);
            }
            catch (StoreUnavailableException)
            {
                // The deployment is worth more than its log: these lines are lost.
            }
#pragma warning disable CA1031 // A log that nobody takes lines out of any more would hold up the command for ever.
            catch (Exception error)
#pragma warning restore CA1031
            {
                DeployingLog.LinesLost(_logger, error, _run);
            }
        }
    }
}
