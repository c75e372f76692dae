namespace Nyala.Server.Storage.Sqlite;

/// <summary>Threads that read without waiting for the writer. Each has its own connection.</summary>
internal sealed class SqliteReaders : IDisposable
{
    private readonly WorkQueue _queue = new();
    private readonly List<Thread> _threads = [];
    private readonly TimeSpan? _longest;

    /// <param name="sessions">The connections.</param>
    /// <param name="name">The threads' name.</param>
    /// <param name="longest">The maximum duration of a query, including its wait; null for no limit.</param>
    public SqliteReaders(IEnumerable<Session> sessions, string name, TimeSpan? longest)
    {
        _longest = longest;
        foreach (Session session in sessions)
        {
            var thread = new Thread(() => Loop(session)) { Name = name, IsBackground = true };
            _threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>Runs a query. If the caller cancels, the task ends at once; the query ends soon after or never starts.</summary>
    public Task<T> RunAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken)
    {
        var work = new Work<T>(query, new ReadLimit(_longest, cancellationToken));
        _queue.Add(work);
        return work.Task.WaitAsync(cancellationToken);
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
                session.Limit = work.Limit;
                work.Run(tables);
            }
            catch (Exception)
            {
                // The work keeps the exception and passes it to its caller.
            }

            session.Limit = null;
            if (!session.IsAutoCommit)
            {
                session.Use("ROLLBACK").Run();
            }

            work.Complete();
        }

        session.Dispose();
    }
}
