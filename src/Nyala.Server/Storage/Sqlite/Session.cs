using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>A connection and its prepared statements, for use by one thread.</summary>
internal sealed class Session : IDisposable
{
    private const int BusyMilliseconds = 10_000;
    private const int NoCheckpointOnClose = 1006;

    /// <summary>The number of SQLite's virtual machine instructions between two checks of the limit, about 50 µs.</summary>
    private const int LimitInstructions = 4000;

    private readonly SqliteConnection _connection;
    private readonly sqlite3 _database;

    // Every text is a constant, so its reference identifies it.
    private readonly Dictionary<object, Statement> _statements = new(ReferenceEqualityComparer.Instance);

    public Session(string connectionString, params IEnumerable<string> pragmas)
    {
        _connection = new SqliteConnection(connectionString);
        _connection.Open();
        _database = _connection.Handle!;

        // Another program, such as a backup, may open the file and lock it for a moment.
        raw.sqlite3_busy_timeout(_database, BusyMilliseconds);

        // A connection that closes for any reason other than an orderly stop must leave the log in place, see OpenMark.
        raw.sqlite3_db_config(_database, NoCheckpointOnClose, 1, out _);
        foreach (string pragma in pragmas)
        {
            Execute(pragma);
        }

        raw.sqlite3_progress_handler(_database, LimitInstructions, session => ((Session)session).Limit?.IsOver == true ? 1 : 0, this);
    }

    /// <summary>The limit of the running query; null for none.</summary>
    public ReadLimit? Limit { get; set; }

    /// <summary>Returns the prepared statement of a text, ready for its parameters.</summary>
    /// <param name="sql">A constant string.</param>
    public Statement Use(string sql)
    {
        if (!_statements.TryGetValue(sql, out Statement? statement))
        {
            statement = new Statement(_database, sql);
            _statements.Add(sql, statement);
        }

        return statement.Start();
    }

    /// <summary>Runs a statement once, without keeping it prepared.</summary>
    public void Execute(string sql)
    {
        using var statement = new Statement(_database, sql);
        while (statement.Step())
        {
        }
    }

    /// <summary>Makes SQLite merge and remove the write-ahead log when this connection closes, if it is the last one.</summary>
    public void MergeAtEnd() => raw.sqlite3_db_config(_database, NoCheckpointOnClose, 0, out _);

    /// <summary>The texts of the statements used so far.</summary>
    public IEnumerable<string> Texts => _statements.Keys.Cast<string>();

    /// <summary>Whether no transaction is open. SQLite rolls back on its own in some cases, such as a full disk.</summary>
    public bool IsAutoCommit => raw.sqlite3_get_autocommit(_database) != 0;

    /// <summary>The number of rows that this connection has changed since it was opened.</summary>
    public int TotalChanges => raw.sqlite3_total_changes(_database);

    /// <summary>Reads the beginning of a BLOB without reading the rest; null if the row does not exist.</summary>
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
