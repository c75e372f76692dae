using System.Collections.Concurrent;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>The threads that read, each over a connection of its own, beside the writer and without waiting for it.</summary>
internal sealed class SqliteReaders : IDisposable
{
    private readonly BlockingCollection<Work> _queue = [];
    private readonly List<Thread> _threads = [];

    public SqliteReaders(IEnumerable<Session> sessions)
    {
        foreach (Session session in sessions)
        {
            var thread = new Thread(() => Loop(session)) { Name = "nyala-reader", IsBackground = true };
            _threads.Add(thread);
            thread.Start();
        }
    }

    public Task<T> RunAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken)
    {
        var work = new Work<T>(query, cancellationToken);
        try
        {
            _queue.Add(work, CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            work.Fail(new StoreUnavailableException("The server is stopping.", full: false, null));
        }

        return work.Task;
    }

    public void Dispose()
    {
        _queue.CompleteAdding();
        _threads.ForEach(thread => thread.Join());
        _queue.Dispose();
    }

    private void Loop(Session session)
    {
        var tables = new SqliteTables(session);
        while (_queue.TryTake(out Work? work, Timeout.Infinite))
        {
            try
            {
                session.Use("BEGIN").Run();
                work.Run(tables);
            }
            catch (Exception)
            {
                // The work keeps its error and gives it to its caller.
            }

            if (!session.IsAutoCommit)
            {
                session.Use("ROLLBACK").Run();
            }

            work.Complete();
        }

        session.Dispose();
    }
}
