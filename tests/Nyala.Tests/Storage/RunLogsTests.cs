using CsCheck;
using Nyala.Client;
using Nyala.Server.Deployments;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;
using Nyala.Server.Storage.Sqlite;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Storage;

public sealed class RunLogsTests : IAsyncLifetime
{
    private const int Limit = 1024;

    private static readonly DateTimeOffset Now = new(2026, 2, 27, 17, 45, 6, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private readonly RunLogs _logs = new(new DeploymentOptions { LogLimit = Limit });
    private SqliteStore? _store;
    private long _runs;

    public ValueTask InitializeAsync()
    {
        _store = SqliteStore.Open(_folder.In("nyala.db"), Some.StorageInstruments());
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _store!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_log_below_its_limit_is_complete()
    {
        IReadOnlyList<LogRecord> entries = await AppendAsync(Lines(1, 10));

        Assert.Equal(Lines(1, 10).Select(line => line.Message), entries.Select(entry => entry.Message));
        Assert.Equal(Enumerable.Range(1, 10).Select(seq => (long)seq), entries.Select(entry => entry.Seq));
    }

    [Fact]
    public async Task A_log_past_its_limit_keeps_its_beginning_and_end_and_says_how_many_lines_it_dropped()
    {
        // Each line counts as 100 bytes, 64 of them for the entry itself. The first six lines exceed half of the limit and stay.
        IReadOnlyList<LogRecord> entries = await AppendAsync(Lines(1, 30));

        Assert.Equal(["1", "2", "3", "4", "5", "6", "…", "27", "28", "29", "30"], entries.Select(entry => entry.Message.TrimStart('0').Split(' ')[0]));
        Assert.Equal((LogEntryType.Warning, Now), (entries[6].Type, entries[6].Time));
        Assert.Equal("… 20 lines were omitted here: a log is limited to 1024 bytes, and keeps its beginning and its end.", entries[6].Message);
    }

    [Fact]
    public async Task The_pages_of_a_log_add_up_to_the_whole_log()
    {
        IReadOnlyList<LogRecord> whole = await AppendAsync(Lines(1, 30));
        foreach (int limit in Enumerable.Range(1, 12))
        {
            var read = new List<LogRecord>();
            IReadOnlyList<LogRecord> page;
            do
            {
                long after = read.Select(entry => entry.Seq).DefaultIfEmpty().Max();
                page = await _store!.ReadAsync(tables => _logs.Read(tables, _runs, after, limit), TestContext.Current.CancellationToken);
                read.AddRange(page);
            }
            while (page.Count >= limit);

            Assert.Equal(whole, read);
        }
    }

    [Fact]
    public async Task Empty_lines_past_the_limit_are_dropped_too()
    {
        IReadOnlyList<LogRecord> entries = await AppendAsync(Enumerable.Repeat(new LogLine { Message = "" }, 100));

        Assert.Equal((Limit / LogExtent.EntryBytes) + 1, entries.Count);
        Assert.Contains(entries, entry => entry.Message.StartsWith("… 84 lines were omitted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_log_stays_within_its_limit_and_counts_every_dropped_line_for_any_batches()
    {
        Gen<string[][]> batches = Gen.Char["aü"].Array[0, 400].Select(chars => new string(chars)).Array[0, 12].Array[1, 6];
        await batches.SampleAsync(
            async lines =>
            {
                IReadOnlyList<LogRecord> entries = await AppendAsync([.. lines.Select(batch => batch.Select(text => new LogLine { Message = text }))]);

                string[] all = [.. lines.SelectMany(batch => batch)];
                LogRecord[] kept = [.. entries.Where(entry => entry.Seq > 0)];
                Assert.All(kept, entry => Assert.Equal(all[entry.Seq - 1], entry.Message));
                Assert.InRange(kept.Sum(entry => LogExtent.BytesOf(entry.Message)), 0, Limit + 800 + LogExtent.EntryBytes);
                LogRecord? note = entries.SingleOrDefault(entry => entry.Seq == 0);
                Assert.Equal(note is null ? "" : $"… {all.Length - kept.Length} lines", note is null ? "" : string.Join(' ', note.Message.Split(' ').Take(3)));
                Assert.Equal(kept.Length == all.Length, note is null);
            },
            iter: 60);
    }

    [Fact]
    public async Task The_lines_of_details_are_stored_below_their_entry()
    {
        long run = await BeginAsync();
        await _store!.WriteAsync(tables =>
        {
            _logs.AppendWithDetails(tables, run, new LogLine { Message = "Deployment successful." }, "one\r\ntwo\n\nfour\n", Now);
            return true;
        });

        LogRecord parent = Assert.Single(await _store.ReadAsync(tables => _logs.Read(tables, run), TestContext.Current.CancellationToken));
        Assert.Equal(("Deployment successful.", true), (parent.Message, parent.HasDetails));
        Assert.Equal(
            ["one", "two", "", "four"],
            await _store.ReadAsync(tables => tables.Log.Read(run, parent.Seq).Select(entry => entry.Message).ToList(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_middle_of_long_details_is_dropped_with_a_note()
    {
        var book = new RunLogs(new DeploymentOptions());
        long run = await BeginAsync();
        await _store!.WriteAsync(tables =>
        {
            book.AppendWithDetails(tables, run, new LogLine { Message = "Deployment failed." }, string.Concat(Enumerable.Range(1, 1_000_000).Select(line => line % 2 == 0 ? "\n" : "x\n")), Now);
            return true;
        });

        LogRecord parent = Assert.Single(await _store.ReadAsync(tables => book.Read(tables, run), TestContext.Current.CancellationToken));
        IReadOnlyList<LogRecord> details = await _store.ReadAsync(tables => tables.Log.Read(run, parent.Seq, 0, 2 * RunLogs.MaxDetails), TestContext.Current.CancellationToken);

        Assert.Equal(RunLogs.MaxDetails + 1, details.Count);
        Assert.Equal("… 990000 lines were omitted here: the details of a report are limited to 10000 lines and 10485760 bytes.", details[RunLogs.MaxDetails / 2].Message);
    }

    [Fact]
    public async Task The_log_of_a_removed_run_is_deleted_in_batches()
    {
        long run = await BeginAsync();
        await _store!.WriteAsync(tables =>
        {
            _logs.Append(tables, run, LogBatch.Of(TextMask.TokensOnly, [.. Lines(1, 8)]), Now);
            tables.Runs.Remove("default", "d" + run);
            return true;
        });

        var deleted = new List<int>();
        do
        {
            deleted.Add(await _store.WriteAsync(tables => tables.Log.PruneRemoved(3)));
        }
        while (deleted[^1] == 3);

        Assert.Equal([3, 3, 2], deleted);
        Assert.Empty(await _store.ReadAsync(tables => tables.Log.Read(run, 0), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_line_keeps_its_own_time_and_type()
    {
        LogRecord entry = Assert.Single(await AppendAsync([new LogLine { Message = "x", Type = LogEntryType.Error, LogTime = Now.AddDays(-1) }]));

        Assert.Equal((LogEntryType.Error, Now.AddDays(-1)), (entry.Type, entry.Time));
    }

    private async Task<IReadOnlyList<LogRecord>> AppendAsync(params IEnumerable<LogLine>[] batches)
    {
        long run = await BeginAsync();
        foreach (LogBatch piece in batches.SelectMany(batch => _logs.Collect(TextMask.TokensOnly, batch).Pieces()))
        {
            await _store!.WriteAsync(tables =>
            {
                _logs.Append(tables, run, piece, Now);
                return true;
            });
        }

        return await _store!.ReadAsync(tables => _logs.Read(tables, run));
    }

    private async Task<long> BeginAsync()
    {
        long id = Interlocked.Increment(ref _runs);
        var run = new RunRecord { Id = id, Site = "default", Deployment = "d" + id, Received = Now, Started = Now, Heard = Now };
        await _store!.WriteAsync(tables =>
        {
            tables.Runs.Insert(run);
            return true;
        });
        return id;
    }

    private static IEnumerable<LogLine> Lines(int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(number => new LogLine { Message = $"{number:0000} ".PadRight(100 - LogExtent.EntryBytes, '.') });
}
