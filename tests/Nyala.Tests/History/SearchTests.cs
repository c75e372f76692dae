using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Nyala.Client;
using Nyala.Server.Storage;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.History;

/// <summary>Searches that find little or take long, and their effect on other requests.</summary>
public sealed class SearchTests
{
    private const int Others = 5000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Two readers once served all queries: a few searches without results made the server unready and delayed deliveries.</summary>
    [Fact]
    public async Task Long_searches_do_not_make_the_server_unready_or_delay_deliveries()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        string type = Some.EventType();
        await server.SubscribeAsync(receiver.Url, type);
        using var gate = new ManualResetEventSlim();
        Task<bool>[] hanging = [.. Enumerable.Range(0, 20).Select(_ => server.Store.SearchAsync(_ => gate.Wait(Signals.Limit * 2), Cancellation))];
        Task<Reply> waiting = server.GetAsync("/api/deliveries?type=none");

        Assert.Equal(200, (await server.GetAsync("/healthz/ready")).Code);
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Post, $"/api/hooks/publish/{type}", "{}")).Code);
        string delivery = (await receiver.NextAsync()).Header("webhook-id")!;
        Assert.Equal("delivered", (await server.GetAsync($"/api/deliveries/{delivery}"))["state"]);
        Assert.False(waiting.IsCompleted);

        gate.Set();
        await Task.WhenAll(hanging).InTimeAsync();
        Assert.Equal("[]", (await waiting.InTimeAsync()).Text);
    }

    [Fact]
    public async Task A_search_that_takes_too_long_returns_503_and_suggests_a_narrower_one()
    {
        await using TestServer server = await TestServer.StartAsync(replace: TooSlow.PutUnder);

        Reply reply = await server.GetAsync("/api/events?type=x");

        Assert.Equal(503, reply.Code);
        Assert.Equal("application/problem+json", reply.ContentType);
        Assert.Contains("Narrow it", reply.Reason, StringComparison.Ordinal);
        Assert.Equal(200, (await server.GetAsync("/healthz/ready")).Code);
    }

    [Fact]
    public async Task An_empty_page_can_have_a_next_page_which_the_client_and_the_CLI_read()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.Store.WriteAsync(tables =>
        {
            tables.Hooks.Insert(Some.StoredHook(1));
            tables.Hooks.Insert(Some.StoredHook(2));

            // The wanted delivery is the oldest of its hook, and its type is frequent at another hook.
            Add(tables, 1, "Wanted", hook: 1);
            for (int i = 2; i < Others; i++)
            {
                Add(tables, i, i % 5 == 0 ? "Wanted" : "Other", hook: i % 5 == 0 ? 2 : 1);
            }

            for (int i = Others; i < 2 * Others; i++)
            {
                Add(tables, i, "Other", hook: 1);
            }

            return true;
        });

        using HttpResponseMessage first = await server.Http.GetAsync("/api/deliveries?hook=1&type=Wanted&limit=7", Cancellation);
        Assert.Equal("[]", await first.Content.ReadAsStringAsync(Cancellation));
        Assert.Matches(@"^<http://127\.0\.0\.1:\d+/api/deliveries\?hook=1&type=Wanted&limit=7&before=\d+>; rel=""next""$", Assert.Single(first.Headers.GetValues("Link")));

        using var client = new NyalaClient(server.Address, TestServer.Token);
        Nyala.Client.Delivery found = await client.ListDeliveriesAsync(new DeliverySearch { Hook = "1", Type = "Wanted" }, 7, Cancellation).SingleAsync(Cancellation);
        Assert.Equal("Wanted", found.Event.Type);

        using var cli = new CliHarness { ["NYALA_SERVER"] = server.Address.AbsoluteUri, ["NYALA_TOKEN"] = TestServer.Token };
        (int exitCode, string output, string error) = await cli.RunAsync("deliveries", "list", "--hook", "1", "--type", "Wanted", "--json");
        Assert.True(exitCode == 0, error);
        Assert.Equal(found.Id, Assert.Single(JsonElement.Parse(output).EnumerateArray()).GetProperty("id").GetString());
    }

    /// <summary>A search at a site must not reveal how many deliveries of other sites it examined.</summary>
    [Fact]
    public async Task A_site_lists_no_deliveries_and_no_next_page_for_a_hook_of_another_site()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.Store.WriteAsync(tables =>
        {
            tables.Hooks.Insert(Some.StoredHook(1) with { Site = "other" });
            for (int i = 1; i < Others; i++)
            {
                Add(tables, i, "Other", hook: 1);
            }

            return true;
        });

        using HttpResponseMessage reply = await server.Http.GetAsync("/sites/shop/api/deliveries?hook=1", Cancellation);

        Assert.Equal("[]", await reply.Content.ReadAsStringAsync(Cancellation));
        Assert.False(reply.Headers.Contains("Link"));
    }

    private static void Add(ITables tables, int i, string type, long hook)
    {
        long id = IdSource.At(SignalClock.Beginning.AddMinutes(i));
        tables.Events.Insert(new EventRecord(id, type, "default", [], SignalClock.Beginning));
        tables.AddDelivery(id + 1, id, hook, SignalClock.Beginning);
        tables.RecordOutcome(id + 1, DeliveryState.Delivered, TimeProvider.System.GetUtcNow(), spent: null, null);
    }

    /// <summary>Wraps the store of a server and fails every search as too long.</summary>
    private sealed class TooSlow(IStore store) : IStore
    {
        public long NewestId => store.NewestId;

        public StoreHealth Health => store.Health;

        public static void PutUnder(IServiceCollection services)
        {
            Func<IServiceProvider, object> store = services.Single(service => service.ServiceType == typeof(IStore)).ImplementationFactory!;
            services.AddSingleton<IStore>(provider => new TooSlow((IStore)store(provider)));
        }

        public Task<T> ReadAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken = default) => store.ReadAsync(query, cancellationToken);

        // The server reads its tokens with a search when it starts. That one must succeed.
        public Task<T> SearchAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken) => typeof(T) == typeof(IReadOnlyList<TokenRecord>)
            ? store.SearchAsync(query, cancellationToken)
            : Task.FromException<T>(new SearchLimitException(TimeSpan.FromSeconds(10)));

        public Task<T> WriteAsync<T>(Func<ITables, T> work) => store.WriteAsync(work);

        public ValueTask DisposeAsync() => store.DisposeAsync();
    }
}
