using System.Diagnostics;
using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Npgsql;

namespace Nyala.Peers;

/// <summary>Runs Hangfire. Each event is a job in PostgreSQL, and each delivery is a run of the job.</summary>
internal static class HangfirePeer
{
    // The upper limit of Hangfire's default. More workers were slower, because they contend for the rows of the queue.
    private const int MaxWorkers = 20;

    public static async Task<TimeSpan> RunAsync(string connection, Load load)
    {
        // Enqueuing blocks a thread. With fewer threads than publishers, the workers wait for the pool to grow, and time out.
        ThreadPool.SetMinThreads(load.Publishers + load.Workers, load.Workers);

        // As fast as the options allow: woken by LISTEN/NOTIFY, and polling at the shortest interval.
        var options = new PostgreSqlStorageOptions { QueuePollInterval = TimeSpan.FromMilliseconds(50), EnableLongPolling = true, PrepareSchemaIfNecessary = true };
        var storage = new PostgreSqlStorage(new NpgsqlConnectionFactory(connection, options), options);
        var client = new BackgroundJobClient(storage);
        using var server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = Math.Min(load.Workers, MaxWorkers) }, storage);
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(connection);
        int all = 0;
        await DeliverAsync(load.WarmUp);
        long start = Stopwatch.GetTimestamp();
        await DeliverAsync(load.Requests);
        return Stopwatch.GetElapsedTime(start);

        async Task DeliverAsync(int events)
        {
            all += events;
            await load.PublishAsync(events, PublishAsync);
            await SucceededAsync(database, all);
        }

        Task PublishAsync()
        {
            client.Enqueue(() => Job.RunAsync(Guid.NewGuid().ToString("N"), SignedPost.Body));
            return Task.CompletedTask;
        }
    }

    /// <summary>Waits until the end of a number of jobs is on disk.</summary>
    private static async Task SucceededAsync(NpgsqlDataSource database, int jobs)
    {
        await using NpgsqlCommand command = database.CreateCommand("SELECT count(*) FROM hangfire.job WHERE statename = 'Succeeded'");
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        while ((long)(await command.ExecuteScalarAsync())! < jobs)
        {
            await look.WaitForNextTickAsync();
        }
    }

    /// <summary>The job. Hangfire calls it by name.</summary>
    public static class Job
    {
        public static Task RunAsync(string id, string body) => SignedPost.SendAsync(id, body, CancellationToken.None);
    }
}
