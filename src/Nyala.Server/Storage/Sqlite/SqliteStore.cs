using Microsoft.Data.Sqlite;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>The store in one SQLite file, with one writing thread that groups commits and a few reading threads.</summary>
internal sealed class SqliteStore : IStore
{
    // Savepoints have their own journal. By default, SQLite writes it to a temporary file: several writes for each delivery, and event bodies outside the data
    // folder.
    private const string InMemory = "PRAGMA temp_store = MEMORY";

    // A commit that splits a page makes SQLite look through its whole cache, because the split moves a page to a number far beyond the end of the file for a
    // moment. With 64 MiB, that took a third of the writing thread's time. The system caches the file as well.
    private const string Cache = "PRAGMA cache_size = -8192";

    private const int Searchers = 2;

    /// <summary>
    /// The maximum duration of a search. A page of a list takes a few milliseconds, so the caller of a search that reaches this limit has probably given up.
    /// </summary>
    private static readonly TimeSpan SearchLimit = TimeSpan.FromSeconds(10);

    private readonly SqliteWriter _writer;

    private readonly SqliteReaders _readers;
    private readonly SqliteReaders _searchers;
    private bool _disposed;

    private SqliteStore(SqliteWriter writer, SqliteReaders readers, SqliteReaders searchers, long newestId) =>
        (_writer, _readers, _searchers, NewestId) = (writer, readers, searchers, newestId);

    public long NewestId { get; }

    public StoreHealth Health => _writer.Health;

    /// <summary>Opens the database, creates it if it does not exist, and brings its tables up to date.</summary>
    /// <param name="file">The path of the database.</param>
    /// <param name="instruments">The instruments of the store.</param>
    /// <param name="searchLimit">The maximum duration of a search; null for ten seconds.</param>
    public static SqliteStore Open(string file, StorageInstruments instruments, TimeSpan? searchLimit = null)
    {
        // Connections stay open as long as their prepared statements, so a pool would not help.
        string connection = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString();
        DatabaseFiles.Check(file);
        if (new FileInfo(file) is { Exists: true, Length: > 0 } && !File.Exists(DatabaseFiles.LogOf(file)))
        {
            OpenMark.CheckWithoutLog(file);
        }

        Session writer = OpenWriter(connection);
        IEnumerable<Session> readers = Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 2, 4))
            .Select(_ => new Session(connection, "PRAGMA query_only = ON", "PRAGMA cache_size = -16384", InMemory));
        IEnumerable<Session> searchers = Enumerable.Range(0, Searchers)
            .Select(_ => new Session(connection, "PRAGMA query_only = ON", "PRAGMA cache_size = -8192", InMemory));
        long newest = writer
            .Use("SELECT max(coalesce((SELECT max(id) FROM events), 0), coalesce((SELECT max(id) FROM deliveries), 0), coalesce((SELECT max(id) FROM hooks), 0), coalesce((SELECT max(id) FROM runs), 0), coalesce((SELECT max(id) FROM redeliveries), 0))")
            .First(row => row.Long(0));
        var store = new SqliteStore(
            new SqliteWriter(writer, instruments, new LogGeneration(writer, file)),
            new SqliteReaders(readers, "nyala-reader", longest: null),
            new SqliteReaders(searchers, "nyala-search", searchLimit ?? SearchLimit),
            newest);
        instruments.Observe(() => store.Health, file);
        return store;
    }

    public Task<T> ReadAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken = default) =>
        _readers.RunAsync(query, cancellationToken);

    public Task<T> SearchAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken) => _searchers.RunAsync(query, cancellationToken);

    public Task<T> WriteAsync<T>(Func<ITables, T> work) => _writer.RunAsync(work);

    /// <summary>
    /// Opens the writing connection, and migrates the tables over a second one. The second one must close first, because the last connection that closes merges
    /// the log.
    /// </summary>
    private static Session OpenWriter(string connection)
    {
        var writer = new Session(connection);
        try
        {
            SqliteMigrations.Check(writer);
            SqliteMigrations.Apply(connection);

            // FULL: a commit returns once the write-ahead log is on disk. This is what "accepted" means.
            foreach (string pragma in (string[])["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", Cache, InMemory])
            {
                writer.Execute(pragma);
            }

            OpenMark.Set(writer);
            writer.Execute("PRAGMA wal_autocheckpoint = 4000");
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return ValueTask.CompletedTask;
        }

        _disposed = true;
        _searchers.Dispose();
        _readers.Dispose();
        _writer.Dispose();
        return ValueTask.CompletedTask;
    }
}
