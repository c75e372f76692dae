using Nyala.Client;

namespace Nyala.Server.Storage.Sqlite;

internal sealed class LogTable(Session session) : ILogTable
{
    // The condition parent > 0 is repeated so that SQLite uses its partial index. Without it, every row scans the run.
    internal const string Columns =
        "seq, parent, time, type, message, EXISTS (SELECT 1 FROM log AS below WHERE below.run = log.run AND below.parent = log.seq AND below.parent > 0)";

    public LogExtent Extent(long run) => session
        .Use("SELECT log_bytes, log_last, log_head, log_dropped FROM runs WHERE id = ?").Bind(run)
        .First(row => new LogExtent(row.Long(0), row.Long(1), row.Long(2), row.Long(3)));

    public void Append(long run, IReadOnlyList<LogRecord> entries, LogExtent extent, long limit)
    {
        foreach (LogRecord entry in entries)
        {
            session.Use("INSERT INTO log (run, seq, parent, time, type, message) VALUES (?, ?, ?, ?, ?, ?)")
                .Bind(run).Bind(entry.Seq).Bind(entry.Parent).Bind(entry.Time).Bind((long)entry.Type).Bind(entry.Message).Run();
        }

        LogExtent kept = extent.Bytes > limit ? DropOldest(run, extent, extent.Bytes - limit) : extent;
        session.Use("UPDATE runs SET log_bytes = ?, log_last = ?, log_head = ?, log_dropped = ? WHERE id = ?")
            .Bind(kept.Bytes).Bind(kept.LastSeq).Bind(kept.HeadEnd).Bind(kept.Dropped).Bind(run).Run();
    }

    public IReadOnlyList<LogRecord> Read(long run, long parent, long seq, int limit) => parent == 0
        ? session.Use($"SELECT {Columns} FROM log WHERE run = ? AND seq > ? AND parent = 0 ORDER BY seq LIMIT ?").Bind(run).Bind(seq).Bind(limit).All(ReadEntry)
        : session.Use($"SELECT {Columns} FROM log WHERE run = ? AND parent = ? AND parent > 0 AND seq > ? ORDER BY seq LIMIT ?")
            .Bind(run).Bind(parent).Bind(seq).Bind(limit).All(ReadEntry);

    public LogRecord? Find(long run, long seq) => session
        .Use($"SELECT {Columns} FROM log WHERE run = ? AND seq = ?").Bind(run).Bind(seq).First(ReadEntry);

    public IReadOnlyList<string> ReadLast(long run, int limit)
    {
        List<string> newest = session.Use("SELECT message FROM log WHERE run = ? ORDER BY seq DESC LIMIT ?").Bind(run).Bind(limit).All(row => row.Text(0));
        newest.Reverse();
        return newest;
    }

    public int PruneRemoved(int limit)
    {
        int deleted = session
            .Use("DELETE FROM log WHERE (run, seq) IN (SELECT log.run, log.seq FROM removed_logs CROSS JOIN log ON log.run = removed_logs.run LIMIT ?)")
            .Bind(limit).Run();
        if (deleted < limit)
        {
            session.Use("DELETE FROM removed_logs").Run();
        }

        return deleted;
    }

    private LogExtent DropOldest(long run, LogExtent extent, long bytes)
    {
        Statement rows = session.Use("SELECT seq, message FROM log WHERE run = ? AND seq > ? ORDER BY seq").Bind(run).Bind(extent.HeadEnd);
        long last = extent.HeadEnd;
        long freed = 0;
        while (freed < bytes && rows.Step())
        {
            last = rows.Long(0);
            freed += LogExtent.BytesOf(rows.Text(1));
        }

        rows.Stop();
        int dropped = session.Use("DELETE FROM log WHERE run = ? AND seq > ? AND seq <= ?").Bind(run).Bind(extent.HeadEnd).Bind(last).Run();
        return extent with { Bytes = extent.Bytes - freed, Dropped = extent.Dropped + dropped };
    }

    private static LogRecord ReadEntry(Statement row) =>
        new(row.Long(0), row.Long(1), row.Time(2), (LogEntryType)row.Int(3), row.Text(4), row.Bool(5));
}
