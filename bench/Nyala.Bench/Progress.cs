using Microsoft.Data.Sqlite;

namespace Nyala.Bench;

/// <summary>Asks the database how far the deliveries are: what it says is on disk.</summary>
internal sealed class Progress : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _pending;
    private readonly SqliteCommand _attempted;

    public Progress(string file)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        _connection.Open();
        _pending = _connection.CreateCommand();
        _pending.CommandText = "SELECT count(*) FROM deliveries WHERE state = 0";
        _attempted = _connection.CreateCommand();
        _attempted.CommandText =
            "SELECT count(*) FROM deliveries AS d WHERE d.state = 1 AND d.attempts = 1 AND EXISTS (SELECT 1 FROM attempts WHERE delivery = d.id AND status = 200)";
    }

    /// <summary>Deliveries whose outcome is not on disk. Cheap: the index of the pending ones is as small as the backlog.</summary>
    public long Pending() => (long)_pending.ExecuteScalar()!;

    /// <summary>Deliveries that are done, by one recorded attempt that was answered 200. Not cheap.</summary>
    public long Delivered() => (long)_attempted.ExecuteScalar()!;

    public void Dispose()
    {
        _pending.Dispose();
        _attempted.Dispose();
        _connection.Dispose();
    }
}
