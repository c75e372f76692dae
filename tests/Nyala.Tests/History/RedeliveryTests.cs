using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Server.History;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.History;

/// <summary>Bulk redelivery: <c>POST /api/hooks/{id}/redeliver</c>.</summary>
public sealed class RedeliveryTests(SharedServer shared)
{
    private const int Many = (2 * BulkRedeliveryWorker.Batch) + 7;

    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task A_bulk_redelivery_resends_all_failed_deliveries_of_its_hook_and_no_others()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        HookUnderTest other = await HookUnderTest.AddAsync(_server, Some.Url());
        await hook.PublishAsync("\"delivered\"");
        await FailedAsync(hook, Many);
        await FailedAsync(other, 1);

        Reply begun = await _server.PostAsync($"/api/hooks/{hook.Id}/redeliver", new JsonObject { ["since"] = "1h" });

        Assert.Equal((202, hook.Id, "failed"), (begun.Code, begun["hook"], begun["state"]));
        Assert.Equal($"{_server.Address}api/redeliveries/{begun["id"]}", begun.Headers["Location"]);
        Reply ended = await EndedAsync(begun["id"]);
        Assert.Equal(($"{Many}", ""), (ended["done"], ended["reason"]));
        await hook.SettledAsync();
        Assert.All(await hook.DeliveriesAsync(), delivery => Assert.Equal((DeliveryState.Delivered, 1), (delivery.State, delivery.Attempts)));
        Assert.Equal(Many + 1, receiver.Count);
        Assert.Equal(DeliveryState.Failed, (await other.DeliveryAsync()).State);
        Assert.Equal([begun["id"]], (await _server.GetAsync($"/api/hooks/{hook.Id}/redeliveries")).Json.EnumerateArray().Select(one => one.GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("failed", false)]
    [InlineData("delivered", true)]
    public async Task An_open_breaker_is_probed_at_once_only_if_a_delivery_was_requeued(string state, bool tried)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        await hook.PublishAsync();
        receiver.AnswerAlways(500);
        for (int i = 0; i < 5; i++)
        {
            await hook.PublishAsync();
        }

        await hook.AttemptedAsync(6);
        string held = (await hook.ReadAsync())["held_until"];
        Assert.NotEmpty(held);

        await EndedAsync((await _server.PostAsync($"/api/hooks/{hook.Id}/redeliver", new JsonObject { ["since"] = "1h", ["state"] = state }))["id"]);

        if (tried)
        {
            await hook.AttemptedAsync(7);
        }
        else
        {
            Assert.Equal((6, held), (receiver.Count, (await hook.ReadAsync())["held_until"]));
        }
    }

    [Fact]
    public async Task Only_deliveries_of_the_given_state_and_time_range_are_resent()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        await hook.PublishAsync();

        foreach ((string since, string? until, string state, string done) in
            (IEnumerable<(string, string?, string, string)>)[("2h", "1h", "delivered", "0"), ("2h", null, "gone", "0"), ("2h", null, "delivered", "1")])
        {
            var request = new JsonObject { ["since"] = since, ["state"] = state };
            if (until is not null)
            {
                request["until"] = until;
            }

            Reply ended = await EndedAsync((await _server.PostAsync($"/api/hooks/{hook.Id}/redeliver", request))["id"]);
            Assert.Equal(done, ended["done"]);
        }

        await hook.AttemptedAsync(2);
    }

    [Fact]
    public async Task A_bulk_redelivery_continues_after_a_restart()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(server, receiver);
        await FailedAsync(hook, Many);
        long id = await OpenAsync(hook);
        await hook.WriteAsync(tables => BulkRedeliveryWorker.Step(tables, id, TimeProvider.System.GetUtcNow()));
        Assert.Equal($"{BulkRedeliveryWorker.Batch}", (await server.GetAsync($"/api/redeliveries/{id}"))["done"]);

        await server.RestartAsync();

        Assert.Equal($"{Many}", (await EndedAsync($"{id}", server))["done"]);
        await hook.SettledAsync();
        Assert.Equal(Many, receiver.Count);
    }

    [Fact]
    public async Task A_hook_has_one_bulk_redelivery_which_can_be_stopped_and_ends_with_the_hook()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, Some.Url());
        long first = await OpenAsync(hook);

        Reply refused = await _server.PostAsync($"/api/hooks/{hook.Id}/redeliver", new JsonObject { ["since"] = "1h" });
        Assert.Equal((409, true), (refused.Code, refused.Reason.Contains($"{first}", StringComparison.Ordinal)));
        Reply stopped = await _server.DeleteAsync($"/api/redeliveries/{first}");
        Assert.Equal((200, "It was stopped."), (stopped.Code, stopped["reason"]));
        Assert.Equal(stopped.Text, (await _server.DeleteAsync($"/api/redeliveries/{first}")).Text);
        Assert.Equal("redelivery.stopped", Assert.Single((await _server.GetAsync($"/api/audit?target={first}")).Json.EnumerateArray()).GetProperty("action").GetString());

        long second = await OpenAsync(hook);
        await _server.DeleteAsync($"/api/hooks/{hook.Id}");
        await hook.WriteAsync(tables => Assert.False(BulkRedeliveryWorker.Step(tables, second, DateTimeOffset.UnixEpoch)));
        Reply ended = await _server.GetAsync($"/api/redeliveries/{second}");
        Assert.Equal(("0", "The hook is gone or was removed."), (ended["done"], ended["reason"]));
    }

    [Fact]
    public async Task A_bulk_redelivery_of_a_paused_hook_returns_409() => await RefusedAsync(409, "resume", paused: true, """{"since":"1h"}""");

    [Theory]
    [InlineData("{}", "'since' is missing")]
    [InlineData("""{"since":"yesterday"}""", "'since' must be")]
    [InlineData("""{"since":3}""", "'since' must be a string")]
    [InlineData("""{"since":"1h","until":"2h"}""", "'until' must be later")]
    [InlineData("""{"since":"1h","state":"pending"}""", "'state' must be failed, delivered or gone")]
    [InlineData("""{"since":"1h","sate":"gone"}""", "'sate' is not a field")]
    [InlineData("[]", "must be an object")]
    public async Task An_invalid_bulk_redelivery_request_returns_400_with_the_reason(string body, string reason) => await RefusedAsync(400, reason, paused: false, body);

    /// <summary>Inserts an open redelivery into the store. The running server does not notice it until it restarts.</summary>
    private static async Task<long> OpenAsync(HookUnderTest hook)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        long id = IdSource.At(now) + (hook.Number % 1000);
        await hook.WriteAsync(tables => tables.Redeliveries.Insert(
            new RedeliveryRecord(id, hook.Number, DeliveryState.Failed, now.AddHours(-1), now, Cursor: 0, Done: 0, now)));
        return id;
    }

    private static Task FailedAsync(HookUnderTest hook, int count) => hook.WriteAsync(tables =>
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        for (int i = 0; i < count; i++)
        {
            long id = (IdSource.At(now) + (hook.Number % 1000 * 10_000)) + i;
            tables.Events.Insert(new EventRecord(id, "Past", "default", "{}"u8.ToArray(), now));
            tables.AddDelivery(id, id, hook.Number, now);
            tables.RecordOutcome(id, DeliveryState.Failed, now, spent: null, "For the test.");
        }
    });

    private async Task RefusedAsync(int status, string reason, bool paused, string body)
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, Some.Url());
        if (paused)
        {
            await _server.SendAsync(HttpMethod.Post, $"/api/hooks/{hook.Id}/pause");
        }

        Reply reply = await _server.SendAsync(HttpMethod.Post, $"/api/hooks/{hook.Id}/redeliver", body);

        Assert.Equal(status, reply.Code);
        Assert.Contains(reason, reply.Reason, StringComparison.Ordinal);
        Assert.Empty((await _server.GetAsync($"/api/hooks/{hook.Id}/redeliveries")).Json.EnumerateArray());
    }

    private async Task<Reply> EndedAsync(string id, TestServer? server = null)
    {
        using var limit = new CancellationTokenSource(Signals.Limit);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (true)
        {
            Reply reply = await (server ?? _server).GetAsync($"/api/redeliveries/{id}");
            Assert.Equal(200, reply.Code);
            if (reply.Json.GetProperty("ended").ValueKind != JsonValueKind.Null)
            {
                return reply;
            }

            Assert.True(await look.WaitForNextTickAsync(limit.Token));
        }
    }
}
