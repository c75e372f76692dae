using System.Diagnostics;
using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Hangfire.States;
using Npgsql;

namespace Nyala.Peers;

/// <summary>Hangfire: each event is a job in PostgreSQL, each delivery a run of it.</summary>
internal static class HangfirePeer
{
    // Its own default's upper end. With more it was slower: they contend for the queue's rows.
    private const int MaxWorkers = 20;

    public static async Task<TimeSpan> RunAsync(string connection, Load load)
    {
        // As fast as its options let it be: woken by LISTEN/NOTIFY, and by looking as often as it may.
        var options = new PostgreSqlStorageOptions { QueuePollInterval = TimeSpan.FromMilliseconds(50), EnableLongPolling = true, PrepareSchemaIfNecessary = true };
        var storage = new PostgreSqlStorage(new NpgsqlConnectionFactory(connection, options), options);
        var client = new BackgroundJobClient(storage);
        using var server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = Math.Min(load.Workers, MaxWorkers) }, storage);
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(connection);
        client.Create(() => Job.RunAsync("warm-up", SignedPost.Body), new EnqueuedState());
        await SucceededAsync(database, 1);

        long start = Stopwatch.GetTimestamp();
        await load.PublishAsync(() =>
        {
            client.Enqueue(() => Job.RunAsync(Guid.NewGuid().ToString("N"), SignedPost.Body));
            return Task.CompletedTask;
        });
        await SucceededAsync(database, load.Requests + 1);
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Waits until the end of so many jobs is on disk.</summary>
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
