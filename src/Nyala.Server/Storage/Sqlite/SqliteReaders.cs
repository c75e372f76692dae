namespace Nyala.Server.Storage.Sqlite;

/// <summary>The threads that read, each over a connection of its own, beside the writer and without waiting for it.</summary>
internal sealed class SqliteReaders : IDisposable
{
    private readonly WorkQueue _queue = new();
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
        _queue.Add(work);
        return work.Task;
    }

    public void Dispose()
    {
        _queue.Close();
        _threads.ForEach(thread => thread.Join());
    }

    private void Loop(Session session)
    {
        var tables = new SqliteTables(session);
        var taken = new List<Work>(1);
        while (_queue.Take(taken, limit: 1))
        {
            Work work = taken[0];
            taken.Clear();
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
