using System.Globalization;
using Nyala.Server.Storage;

namespace Nyala.Tests.Support;

/// <summary>One hook of a server, and its data in the store.</summary>
internal sealed class HookUnderTest(TestServer server, string id, string secret, string type)
{
    public string Id => id;

    public string Secret => secret;

    public string Type => type;

    public long Number { get; } = long.Parse(id, CultureInfo.InvariantCulture);

    /// <summary>Subscribes a hook at the root to a unique event type, so that tests can share a server.</summary>
    public static async Task<HookUnderTest> AddAsync(TestServer server, string url, bool insecureSsl = false)
    {
        string type = Some.EventType();
        System.Text.Json.Nodes.JsonObject hook = Some.Hook(url, type);
        hook["insecure_ssl"] = insecureSsl;

        // The system may give a receiver the port of an earlier one, whose hook still exists on a shared server.
        await server.DeleteAsync($"/api/hooks?url={Uri.EscapeDataString(url)}");
        Reply reply = await server.PostAsync("/api/hooks", hook);
        Assert.Equal(201, reply.Code);
        return new HookUnderTest(server, reply["id"], reply["secret"], type);
    }

    public static Task<HookUnderTest> AddAsync(TestServer server, Receiver receiver) => AddAsync(server, receiver.Url.AbsoluteUri);

    /// <summary>Publishes an event for this hook, and waits for its first attempt.</summary>
    public async Task PublishAsync(string body = "{}") =>
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Post, $"/api/hooks/publish/{type}", body)).Code);

    /// <summary>Publishes an event for this hook, and returns once the event is durable.</summary>
    public async Task PublishSoonAsync(string body = "{}") =>
        Assert.Equal(202, (await server.SendAsync(HttpMethod.Post, $"/api/hooks/publish/{type}", body, ("Prefer", "respond-async"))).Code);

    public Task<Reply> ReadAsync() => server.GetAsync($"/api/hooks/{id}");

    public Task<IReadOnlyList<DeliveryRecord>> DeliveriesAsync() => InStoreAsync(tables => tables.Deliveries.OfHook(Number, 1000));

    public async Task<DeliveryRecord> DeliveryAsync() => Assert.Single(await DeliveriesAsync());

    /// <summary>Returns the attempts of the hook's only delivery.</summary>
    public async Task<IReadOnlyList<AttemptRecord>> AttemptsAsync()
    {
        DeliveryRecord delivery = await DeliveryAsync();
        return await InStoreAsync(tables => tables.Deliveries.Attempts(delivery.Id));
    }

    public async Task<AttemptRecord> AttemptAsync() => Assert.Single(await AttemptsAsync());

    /// <summary>Waits until this many attempts of the hook's deliveries are on disk.</summary>
    public Task AttemptedAsync(int attempts) => UntilAsync(
        tables => tables.Deliveries.OfHook(Number, 1000).Sum(delivery => tables.Deliveries.Attempts(delivery.Id).Count) >= attempts);

    /// <summary>Waits until none of the hook's deliveries is pending.</summary>
    public Task SettledAsync() => UntilAsync(
        tables => tables.Deliveries.OfHook(Number, 1000) is { Count: > 0 } all && all.All(delivery => delivery.State != DeliveryState.Pending));

    public Task WriteAsync(Action<ITables> work) => server.Store.WriteAsync(tables =>
    {
        work(tables);
        return true;
    });

    private Task<T> InStoreAsync<T>(Func<ITables, T> query) => server.Store.ReadAsync(query, TestContext.Current.CancellationToken);

    /// <summary>Polls the store, because the outcome writer does not notify a test when it has written.</summary>
    private async Task UntilAsync(Func<ITables, bool> reached)
    {
        using var limit = new CancellationTokenSource(Signals.Limit);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await InStoreAsync(reached))
        {
            Assert.True(await look.WaitForNextTickAsync(limit.Token));
        }
    }
}
