using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Nyala.Client;
using Nyala.Server.Storage;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.History;

/// <summary>Searches that find little, that take long, and what they leave to others.</summary>
public sealed class SearchTests
{
    private const int Others = 5000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Two readers once served all: a few searches without results turned the server unready and held up deliveries.</summary>
    [Fact]
    public async Task Searches_that_take_long_turn_nothing_red_and_hold_up_no_delivery()
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
    public async Task A_search_that_took_too_long_is_503_and_says_what_to_do()
    {
        await using TestServer server = await TestServer.StartAsync(replace: TooSlow.PutUnder);

        Reply reply = await server.GetAsync("/api/events?type=x");

        Assert.Equal(503, reply.Code);
        Assert.Equal("application/problem+json", reply.ContentType);
        Assert.Contains("Narrow it", reply.Reason, StringComparison.Ordinal);
        Assert.Equal(200, (await server.GetAsync("/healthz/ready")).Code);
    }

    [Fact]
    public async Task A_page_may_be_empty_and_lead_on_and_client_and_command_line_follow()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.Store.WriteAsync(tables =>
        {
            tables.Hooks.Insert(Some.StoredHook(1));
            tables.Hooks.Insert(Some.StoredHook(2));

            // The one that is meant is the oldest of the hook's, and its type is a frequent one elsewhere.
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

    /// <summary>What a search of one site looks at of others' is none of its caller's business.</summary>
    [Fact]
    public async Task At_a_site_a_hook_of_another_one_is_a_hook_without_deliveries()
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
        tables.Deliveries.Insert(id + 1, id, hook, SignalClock.Beginning);
        tables.Deliveries.RecordOutcome(id + 1, DeliveryState.Delivered, TimeProvider.System.GetUtcNow(), spent: null, null);
    }

    /// <summary>Stands between a server and its store, and ends every search as one that took too long.</summary>
    private sealed class TooSlow(IStore store) : IStore
    {
        public long NewestId => store.NewestId;

        public StoreHealth Condition => store.Condition;

        public static void PutUnder(IServiceCollection services)
        {
            Func<IServiceProvider, object> store = services.Single(service => service.ServiceType == typeof(IStore)).ImplementationFactory!;
            services.AddSingleton<IStore>(provider => new TooSlow((IStore)store(provider)));
        }

        public Task<T> ReadAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken = default) => store.ReadAsync(query, cancellationToken);

        // The tokens are read at the start.
        public Task<T> SearchAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken) => typeof(T) == typeof(IReadOnlyList<TokenRecord>)
            ? store.SearchAsync(query, cancellationToken)
            : Task.FromException<T>(new SearchLimitException(TimeSpan.FromSeconds(10)));

        public Task<T> WriteAsync<T>(Func<ITables, T> work) => store.WriteAsync(work);

        public ValueTask DisposeAsync() => store.DisposeAsync();
    }
}
