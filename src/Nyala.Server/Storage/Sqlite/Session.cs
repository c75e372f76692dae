using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>One connection and its prepared statements. For one thread.</summary>
internal sealed class Session : IDisposable
{
    private const int BusyMilliseconds = 10_000;

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
        foreach (string pragma in pragmas)
        {
            using var statement = new Statement(_database, pragma);
            statement.Step();
        }
    }

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

    /// <summary>The texts of the statements used so far.</summary>
    public IEnumerable<string> Texts => _statements.Keys.Cast<string>();

    /// <summary>True outside any transaction: SQLite has rolled back by itself, as it does when the disk is full.</summary>
    public bool IsAutoCommit => raw.sqlite3_get_autocommit(_database) != 0;

    /// <summary>Counts every row that this connection has changed since it was opened.</summary>
    public int TotalChanges => raw.sqlite3_total_changes(_database);

    public void Dispose()
    {
        foreach (Statement statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }
}
