using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>
/// A reusable prepared statement. It calls SQLite directly, because ADO.NET's objects and boxed parameters cost several times as much as the statement itself,
/// and a delivery needs five statements.
/// </summary>
internal sealed class Statement : IDisposable
{
    private const int MaxOnStack = 1024;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private int _bound;

    public Statement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    /// <summary>Resets the statement for new parameters.</summary>
    public Statement Start()
    {
        raw.sqlite3_reset(_statement);
        _bound = 0;
        return this;
    }

    public Statement Bind(long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, ++_bound, value));
        return this;
    }

    public Statement Bind(long? value) => value is { } number ? Bind(number) : BindNull();

    public Statement Bind(bool value) => Bind(value ? 1L : 0L);

    public Statement Bind(DateTimeOffset value) => Bind(value.UtcTicks);

    public Statement Bind(DateTimeOffset? value) => value is { } time ? Bind(time.UtcTicks) : BindNull();

    public Statement Bind(string? value)
    {
        if (value is null)
        {
            return BindNull();
        }

        // An empty span would be bound as NULL.
        if (value.Length == 0)
        {
            Check(raw.sqlite3_bind_text(_statement, ++_bound, value));
            return this;
        }

        // The length is passed because a text may contain NUL. SQLite copies the bytes.
        int most = Encoding.UTF8.GetMaxByteCount(value.Length);
        Span<byte> bytes = most <= MaxOnStack ? stackalloc byte[MaxOnStack] : new byte[most];
        Check(raw.sqlite3_bind_text(_statement, ++_bound, bytes[..Encoding.UTF8.GetBytes(value, bytes)]));
        return this;
    }

    public Statement Bind(byte[]? value)
    {
        if (value is null)
        {
            return BindNull();
        }

        // An empty span would be bound as NULL.
        Check(value.Length == 0
            ? raw.sqlite3_bind_zeroblob(_statement, ++_bound, 0)
            : raw.sqlite3_bind_blob(_statement, ++_bound, value));
        return this;
    }

    /// <summary>Runs a statement that returns no rows.</summary>
    /// <returns>The number of changed rows.</returns>
    public int Run()
    {
        Step();
        raw.sqlite3_reset(_statement);
        return raw.sqlite3_changes(_database);
    }

    /// <summary>Moves to the next row; false after the last row.</summary>
    public bool Step()
    {
        int result = raw.sqlite3_step(_statement);
        if (result is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return result == raw.SQLITE_ROW;
        }

        // The error text belongs to the connection, so it is read before the reset clears it.
        try
        {
            Check(result);
            return false;
        }
        finally
        {
            raw.sqlite3_reset(_statement);
        }
    }

    /// <summary>Stops reading before the last row.</summary>
    public void Stop() => raw.sqlite3_reset(_statement);

    /// <summary>Reads all rows.</summary>
    public List<T> All<T>(Func<Statement, T> read)
    {
        var rows = new List<T>();
        while (Step())
        {
            rows.Add(read(this));
        }

        Stop();
        return rows;
    }

    /// <summary>Reads rows one by one, as they are requested. The statement cannot be used for anything else until the enumeration ends.</summary>
    public IEnumerable<T> Rows<T>(Func<Statement, T> read)
    {
        try
        {
            while (Step())
            {
                yield return read(this);
            }
        }
        finally
        {
            Stop();
        }
    }

    /// <summary>Reads the first row; the default value if there is none.</summary>
    public T? First<T>(Func<Statement, T> read)
    {
        T? row = Step() ? read(this) : default;
        Stop();
        return row;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    public int Int(int column) => raw.sqlite3_column_int(_statement, column);

    public bool Bool(int column) => Long(column) != 0;

    public long? LongOrNull(int column) => IsNull(column) ? null : Long(column);

    public DateTimeOffset Time(int column) => new(Long(column), TimeSpan.Zero);

    public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);

    public TimeSpan? SpanOrNull(int column) => IsNull(column) ? null : TimeSpan.FromTicks(Long(column));

    public string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(_statement, column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public byte[] Blob(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public byte[]? BlobOrNull(int column) => IsNull(column) ? null : Blob(column);

    public void Dispose() => _statement.Dispose();

    private Statement BindNull()
    {
        Check(raw.sqlite3_bind_null(_statement, ++_bound));
        return this;
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}
