using System.Globalization;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.History;

/// <summary>Bugs that other senders of webhooks had in their history. Each name ends with the product and the number of its issue.</summary>
public sealed partial class OthersMistakesInRecordsTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task Every_manual_redelivery_makes_an_attempt_Outpost_670()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        await hook.PublishAsync("[1]");
        long id = (await hook.DeliveryAsync()).Id;

        for (int attempt = 2; attempt <= 4; attempt++)
        {
            Reply reply = await _server.SendAsync(HttpMethod.Post, $"/api/deliveries/{id}/redeliver");
            Assert.Equal((200, "delivered", $"{attempt}"), (reply.Code, reply["state"], reply["attempts"]));
        }

        Received[] received = [await receiver.NextAsync(), await receiver.NextAsync(), await receiver.NextAsync(), await receiver.NextAsync()];
        Assert.All(received, request => Assert.Equal(($"msg_{id}", "[1]"), (request.Header("webhook-id"), request.Text)));
        Assert.Equal(["1", "2", "3", "4"], received.Select(request => request.Header("Nyala-Attempt")!));
        Assert.Equal([1, 2, 3, 4], (await hook.AttemptsAsync()).Select(attempt => attempt.Number));
    }

    [Fact]
    public async Task Redeliveries_of_one_event_to_several_hooks_all_arrive_under_their_own_ids_Outpost_609()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string type = Some.EventType();
        string[] hooks = [.. await Task.WhenAll(Enumerable.Range(0, 3).Select(i => _server.SubscribeAsync(new Uri(receiver.Url, $"/{type}/{i}"), type)))];
        receiver.AnswerNext(Enumerable.Repeat(new Answer(410), 3));
        await _server.SendAsync(HttpMethod.Post, $"/api/hooks/publish/{type}", "{}");
        Received[] first = [await receiver.NextAsync(), await receiver.NextAsync(), await receiver.NextAsync()];
        Assert.Equal(3, first.Select(request => request.Header("webhook-id")).Distinct().Count());

        foreach (string hook in hooks)
        {
            Assert.Equal(200, (await _server.SendAsync(HttpMethod.Post, $"/api/hooks/{hook}/restore")).Code);
            string id = (await _server.GetAsync($"/api/hooks/{hook}/deliveries")).Json[0].GetProperty("id").GetString()!;
            Assert.Equal("delivered", (await _server.SendAsync(HttpMethod.Post, $"/api/deliveries/{id}/redeliver"))["state"]);
        }

        Received[] again = [await receiver.NextAsync(), await receiver.NextAsync(), await receiver.NextAsync()];
        Assert.Equal(Sent(first), Sent(again));

        static IEnumerable<(string, string?)> Sent(Received[] requests) => requests.Select(request => (request.PathAndQuery, request.Header("webhook-id"))).Order();
    }

    [Fact]
    public async Task A_response_too_large_to_store_causes_no_retry_Outpost_974()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        receiver.AnswerNext(new Answer(200, new string('x', 4 * 1024 * 1024), [.. Enumerable.Range(0, 20).Select(i => ($"X-{i}", new string('y', 900)))]));

        await hook.PublishAsync();

        await hook.SettledAsync();
        Assert.Equal((DeliveryState.Delivered, 1), ((await hook.DeliveryAsync()).State, receiver.Count));
        AttemptRecord attempt = await hook.AttemptAsync();
        Assert.InRange(attempt.Answer!.Length, 1, 16 * 1024);
        Assert.InRange(attempt.AnswerHeaders!.Length, 1, 8 * 1024);
    }

    [Fact]
    public async Task The_attempt_count_is_stored_and_limits_the_retries_Convoy_1833()
    {
        await using TestServer server = await TestServer.StartAsync(options =>
        {
            options.Delivery.RetrySchedule = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100)];
            options.Delivery.BreakerFailures = 1000;
        });
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.AnswerAlways(500);
        HookUnderTest hook = await HookUnderTest.AddAsync(server, receiver);

        await hook.PublishAsync();
        await hook.SettledAsync();
        string id = (await hook.DeliveryAsync()).Id.ToString(CultureInfo.InvariantCulture);
        Assert.Equal(("failed", "3"), await ToldAsync());

        // A resent delivery gets the whole schedule again, and its attempt numbers continue.
        await server.SendAsync(HttpMethod.Post, $"/api/deliveries/{id}/redeliver");
        await hook.SettledAsync();
        Assert.Equal(("failed", "6"), await ToldAsync());
        await server.RestartAsync();
        Assert.Equal(("failed", "6"), await ToldAsync());
        Assert.Equal(6, receiver.Count);

        async Task<(string, string)> ToldAsync()
        {
            Reply reply = await server.GetAsync($"/api/deliveries/{id}");
            Assert.Equal(reply["attempts"], $"{reply.Json.GetProperty("history").GetArrayLength()}");
            return (reply["state"], reply["attempts"]);
        }
    }

    [Fact]
    public async Task A_deleted_hook_leaves_no_queued_work_and_disturbs_no_other_hook_Svix_1511()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        HookUnderTest other = await HookUnderTest.AddAsync(_server, new Uri(receiver.Url, "/other").AbsoluteUri);
        receiver.AnswerNext(new Answer(500));
        await hook.PublishAsync();
        await hook.WriteAsync(tables => tables.Hooks.SetState(hook.Number, HookState.Paused, null, DateTimeOffset.UnixEpoch));
        await hook.PublishAsync();

        await _server.DeleteAsync($"/api/hooks/{hook.Id}");

        await hook.SettledAsync();
        Assert.All((await _server.GetAsync($"/api/hooks/{hook.Id}/deliveries")).Json.EnumerateArray(), delivery => Assert.Equal(
            ("gone", "The hook is gone or was removed."), (delivery.GetProperty("state").GetString(), delivery.GetProperty("reason").GetString())));
        Assert.DoesNotContain(hook.Number, await _server.Store.ReadAsync(
            tables => tables.Queue.HooksWithWork(DateTimeOffset.MaxValue), TestContext.Current.CancellationToken));
        await other.PublishAsync();
        Assert.Equal(DeliveryState.Delivered, (await other.DeliveryAsync()).State);
        Assert.Equal(2, receiver.Count);
    }
}
