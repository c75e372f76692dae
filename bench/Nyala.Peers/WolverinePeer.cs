using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Wolverine;
using Wolverine.Postgresql;

namespace Nyala.Peers;

/// <summary>Runs Wolverine. Each event is a message in a durable local queue, which is kept in PostgreSQL until its handler returns.</summary>
internal static class WolverinePeer
{
    public static async Task<TimeSpan> RunAsync(string connection, Load load)
    {
        using IHost host = Host.CreateDefaultBuilder()
            .ConfigureLogging(logging => logging.ClearProviders())
            .UseWolverine(options =>
            {
                options.PersistMessagesWithPostgresql(connection, "wolverine");

                // The mode for a single node, which elects no leader and assigns no work to other nodes.
                options.Durability.Mode = DurabilityMode.Solo;
                options.LocalQueueFor<Deliver>().UseDurableInbox().MaximumParallelMessages(load.Workers);
                options.Policies.UseDurableLocalQueues();
                options.Discovery.DisableConventionalDiscovery().IncludeType(typeof(DeliverHandler));
            })
            .Build();
        await host.StartAsync();
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(connection);
        await DeliverAsync(load.WarmUp);
        long start = Stopwatch.GetTimestamp();
        await DeliverAsync(load.Requests);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        await host.StopAsync();
        return elapsed;

        async Task DeliverAsync(int events)
        {
            int all = SignedPost.Done + events;
            await load.PublishAsync(events, async () =>
            {
                IMessageBus bus = host.MessageBus();
                await bus.PublishAsync(new Deliver(Guid.NewGuid().ToString("N"), SignedPost.Body));
            });
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            while (SignedPost.Done < all || await OpenAsync(database) > 0)
            {
                await look.WaitForNextTickAsync();
            }
        }
    }

    /// <summary>Counts the messages whose end is not on disk.</summary>
    private static async Task<long> OpenAsync(NpgsqlDataSource database)
    {
        await using NpgsqlCommand command = database.CreateCommand("SELECT count(*) FROM wolverine.wolverine_incoming_envelopes WHERE status <> 'Handled'");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}

/// <summary>The message to handle.</summary>
public sealed record Deliver(string Id, string Body);

/// <summary>The handler. Wolverine finds its method by name.</summary>
public static class DeliverHandler
{
    public static Task HandleAsync(Deliver message, CancellationToken cancellationToken) => SignedPost.SendAsync(message.Id, message.Body, cancellationToken);
}
