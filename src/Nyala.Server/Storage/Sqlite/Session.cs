using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>One connection and its prepared statements. For one thread.</summary>
internal sealed class Session : IDisposable
{
    private const int BusyMilliseconds = 10_000;
    private const int NoCheckpointOnClose = 1006;

    /// <summary>How many of SQLite's own instructions pass between two looks at the limit: some 50 µs of them.</summary>
    private const int LimitInstructions = 4000;

    private readonly SqliteConnection _connection;
    private readonly sqlite3 _database;

    // Every text is a constant of the tables below, so the reference names it.
    private readonly Dictionary<object, Statement> _statements = new(ReferenceEqualityComparer.Instance);

    public Session(string connectionString, params IEnumerable<string> pragmas)
    {
        _connection = new SqliteConnection(connectionString);
        _connection.Open();
        _database = _connection.Handle!;

        // Another program may look into the file, a backup for instance, and lock it for a moment.
        raw.sqlite3_busy_timeout(_database, BusyMilliseconds);

        // A connection that closes for another reason than a stop in order must leave the log in place, see OpenMark.
        raw.sqlite3_db_config(_database, NoCheckpointOnClose, 1, out _);
        foreach (string pragma in pragmas)
        {
            Execute(pragma);
        }

        raw.sqlite3_progress_handler(_database, LimitInstructions, session => ((Session)session).Limit?.IsOver == true ? 1 : 0, this);
    }

    /// <summary>When to interrupt what runs; null for never.</summary>
    public ReadLimit? Limit { get; set; }

    /// <summary>The statement of this text, ready for its parameters.</summary>
    /// <param name="sql">A constant.</param>
    public Statement Use(string sql)
    {
        if (!_statements.TryGetValue(sql, out Statement? statement))
        {
            statement = new Statement(_database, sql);
            _statements.Add(sql, statement);
        }

        return statement.Start();
    }

    /// <summary>Runs a statement that is used once.</summary>
    public void Execute(string sql)
    {
        using var statement = new Statement(_database, sql);
        while (statement.Step())
        {
        }
    }

    /// <summary>Has the write-ahead log merged and removed when this connection closes, if it is the last.</summary>
    public void MergeAtEnd() => raw.sqlite3_db_config(_database, NoCheckpointOnClose, 0, out _);

    /// <summary>The texts of the statements used so far.</summary>
    public IEnumerable<string> Texts => _statements.Keys.Cast<string>();

    /// <summary>True outside any transaction: SQLite has rolled back by itself, as it does when the disk is full.</summary>
    public bool IsAutoCommit => raw.sqlite3_get_autocommit(_database) != 0;

    /// <summary>Counts every row that this connection has changed since it was opened.</summary>
    public int TotalChanges => raw.sqlite3_total_changes(_database);

    /// <summary>The beginning of a value of bytes, without reading the rest of it; null if there is no such row.</summary>
    public (byte[] Beginning, bool More)? Beginning(string table, string column, long row, int most)
    {
        if (raw.sqlite3_blob_open(_database, "main", table, column, row, 0, out sqlite3_blob blob) != raw.SQLITE_OK)
        {
            return null;
        }

        using (blob)
        {
            int size = raw.sqlite3_blob_bytes(blob);
            byte[] beginning = new byte[Math.Min(size, most)];
            SqliteException.ThrowExceptionForRC(raw.sqlite3_blob_read(blob, beginning, 0), _database);
            return (beginning, size > most);
        }
    }

    public void Dispose()
    {
        foreach (Statement statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }
}
