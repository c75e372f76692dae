using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>
/// The only thread that writes. Work items that queue up during a commit share the next one. If one of them fails, all run again, each under a savepoint, so
/// that the failure does not undo the others. A savepoint copies every page that its item changes, so it is used only after a failure.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private const int MaxBatch = 512;

    private readonly WorkQueue _queue = new();
    private readonly List<Work> _batch = [];
    private readonly MatchCache _matches = new();
    private readonly Session _session;
    private readonly LogGeneration _generation;
    private readonly SqliteTables _tables;
    private readonly WriterHealth _health;
    private readonly Thread _thread;

    public SqliteWriter(Session session, StorageInstruments instruments, LogGeneration generation)
    {
        _session = session;
        _generation = generation;
        _tables = new SqliteTables(session, _matches);
        _health = new WriterHealth(instruments, _queue);
        _thread = new Thread(Loop) { Name = "nyala-writer", IsBackground = true };
        _thread.Start();
    }

    public StoreHealth Health => _health.Current;

    public Task<T> RunAsync<T>(Func<ITables, T> function)
    {
        var work = new Work<T>(function);
        _queue.Add(work);
        return work.Task;
    }

    /// <summary>Writes the queued work items, then stops.</summary>
    public void Dispose()
    {
        _queue.Close();
        _thread.Join();
        OpenMark.Clear(_session);
        _generation.Dispose();
        _session.Dispose();
    }

    private void Loop()
    {
        while (_queue.Take(_batch, MaxBatch))
        {
            Commit();
            _batch.Clear();
        }
    }

    private void Commit()
    {
        int changes = _session.TotalChanges;
        _health.Begin();
        try
        {
            if (!TryRunTogether())
            {
                _session.Use("BEGIN IMMEDIATE").Run();
                _batch.ForEach(RunUnderSavepoint);
            }

            _session.Use("COMMIT").Run();
            _health.Committed(_batch.Count, changed: _session.TotalChanges != changes);
        }
        catch (Exception error)
        {
            // Nothing of the batch is on disk, so every caller must fail, even if its own work succeeded.
            RollBack();
            StoreUnavailableException unavailable = Explain(error);
            _health.Failed(unavailable.Full ? StoreFault.Full : StoreFault.Failing);
            foreach (Work work in _batch)
            {
                work.Fail(unavailable);
            }

            return;
        }

        // A thread of the pool notifies the callers, and passes them on to other threads of the pool. From this thread, each would be a wake-up.
        ThreadPool.UnsafeQueueUserWorkItem(
            static written =>
            {
                foreach (Work work in written)
                {
                    work.Complete();
                }
            },
            _batch.ToArray(),
            preferLocal: false);
        CountLog();
    }

    private void CountLog()
    {
        try
        {
            _generation.Count();
        }
        catch (SqliteException)
        {
            // The disk is full. The log is counted after a later commit.
        }
    }

    private bool TryRunTogether()
    {
        _session.Use("BEGIN IMMEDIATE").Run();
        try
        {
            foreach (Work work in _batch)
            {
                work.Run(_tables);
            }

            return true;
        }
        catch (Exception error) when (!IsFatal(error))
        {
            RollBack();
            return false;
        }
    }

    private void RunUnderSavepoint(Work work)
    {
        _session.Use("SAVEPOINT work").Run();
        try
        {
            work.Run(_tables);
        }
        catch (Exception error) when (!IsFatal(error) && !_session.IsAutoCommit)
        {
            _session.Use("ROLLBACK TO work").Run();
            _matches.Clear();
        }

        _session.Use("RELEASE work").Run();
    }

    private void RollBack()
    {
        _matches.Clear();
        try
        {
            if (!_session.IsAutoCommit)
            {
                _session.Use("ROLLBACK").Run();
            }
        }
        catch (SqliteException)
        {
            // SQLite rolled back on its own after the check.
        }
    }

    /// <summary>Whether an error concerns the disk or the file, so that the batch cannot be saved.</summary>
    private static bool IsFatal(Exception error) => error is SqliteException
    {
        SqliteErrorCode: raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_READONLY or raw.SQLITE_CORRUPT or raw.SQLITE_NOMEM or raw.SQLITE_CANTOPEN,
    };

    private static StoreUnavailableException Explain(Exception error)
    {
        // The index of the write-ahead log is a separate file, which reports a full disk with a different error.
        bool full = error is SqliteException { SqliteErrorCode: raw.SQLITE_FULL } or SqliteException { SqliteExtendedErrorCode: raw.SQLITE_IOERR_SHMSIZE };
        return new StoreUnavailableException(
            full ? "The disk of the data folder is full." : $"The database cannot be written: {error.Message}", full, error);
    }
}
