using System.Text.Json;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.History;

/// <summary><c>POST /api/deliveries/{id}/redeliver</c>.</summary>
public sealed class RedeliverTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task Redeliver_sends_the_same_body_under_the_same_id_and_returns_the_outcome()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        await hook.PublishAsync(""" {"a" : 1.0} """);
        long id = (await hook.DeliveryAsync()).Id;
        receiver.AnswerNext(new Answer(204));

        Reply reply = await RedeliverAsync(id);

        Assert.Equal((200, "delivered", "2", "204"), (reply.Code, reply["state"], reply["attempts"], reply["last_status"]));
        Received first = await receiver.NextAsync();
        Received second = await receiver.NextAsync();
        Assert.Equal(first.Body, second.Body);
        Assert.Equal(first.Header("webhook-id"), second.Header("webhook-id"));
        Assert.Equal(("1", "2"), (first.Header("Nyala-Attempt"), second.Header("Nyala-Attempt")));
    }

    [Fact]
    public async Task A_redelivery_that_fails_is_pending_and_starts_its_schedule_over()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        await hook.PublishAsync();
        long id = (await hook.DeliveryAsync()).Id;
        receiver.AnswerAlways(500);

        Reply reply = await RedeliverAsync(id);

        Assert.Equal((200, "pending", "500"), (reply.Code, reply["state"], reply["last_status"]));
        TimeSpan wait = reply.Json.GetProperty("next_attempt").GetDateTimeOffset() - (await hook.AttemptsAsync())[1].Started;
        Assert.InRange(wait, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(8));
        Assert.Equal((409, true), await RefusedAsync(id, "pending"));
    }

    [Fact]
    public async Task Redeliver_with_respond_async_returns_202_before_the_attempt_has_ended()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        await hook.PublishAsync();
        long id = (await hook.DeliveryAsync()).Id;
        receiver.Hold();

        Reply reply = await _server.SendAsync(HttpMethod.Post, $"/api/deliveries/{id}/redeliver", (string?)null, ("Prefer", "respond-async"));

        Assert.Equal((202, "pending"), (reply.Code, reply["state"]));
        await receiver.NextAsync();
        await receiver.NextAsync();
    }

    [Fact]
    public async Task Two_redeliveries_of_one_event_both_return_when_their_attempts_have_ended()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string type = Some.EventType();
        await _server.SubscribeAsync(new Uri(receiver.Url, "/a"), type);
        await _server.SubscribeAsync(new Uri(receiver.Url, "/b"), type);
        string @event = (await _server.SendAsync(HttpMethod.Post, $"/api/hooks/publish/{type}", "{}")).Headers["Nyala-Event-Id"];
        string[] ids = [.. (await _server.GetAsync($"/api/deliveries?event={@event}")).Json.EnumerateArray().Select(one => one.GetProperty("id").GetString()!)];
        receiver.Hold();

        Task<Reply>[] replies = [.. ids.Select(id => _server.SendAsync(HttpMethod.Post, $"/api/deliveries/{id}/redeliver"))];
        for (int i = 0; i < 4; i++)
        {
            await receiver.NextAsync();
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        receiver.Release();

        Assert.All(await Task.WhenAll(replies), reply => Assert.Equal("delivered", reply["state"]));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(8));
    }

    [Theory]
    [InlineData("Paused", "resume")]
    [InlineData("Disabled", "enable")]
    [InlineData("Gone", "restore")]
    public async Task Redeliver_returns_409_and_the_remedy_for_a_paused_disabled_or_gone_hook(string state, string verb)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        await hook.PublishAsync();
        await hook.WriteAsync(tables => tables.Hooks.SetState(hook.Number, Enum.Parse<HookState>(state), null, DateTimeOffset.UnixEpoch));

        Assert.Equal((409, true), await RefusedAsync((await hook.DeliveryAsync()).Id, verb));
        Assert.Equal(DeliveryState.Delivered, (await hook.DeliveryAsync()).State);
    }

    [Fact]
    public async Task Redeliver_returns_409_for_a_deleted_hook_whose_deliveries_are_still_listed()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        await hook.PublishAsync();
        await _server.DeleteAsync($"/api/hooks/{hook.Id}");

        Assert.Equal((409, true), await RefusedAsync((await hook.DeliveryAsync()).Id, "removed"));
        Assert.Equal(1, (await _server.GetAsync($"/api/hooks/{hook.Id}/deliveries")).Json.GetArrayLength());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("msg_1")]
    [InlineData("x")]
    public async Task An_unknown_delivery_returns_404(string id)
    {
        Assert.Equal(404, (await _server.SendAsync(HttpMethod.Post, $"/api/deliveries/{id}/redeliver")).Code);
        Assert.Equal(404, (await _server.GetAsync($"/api/deliveries/{id}")).Code);
    }

    [Fact]
    public async Task A_redelivery_probes_an_open_breaker_at_once()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        await hook.PublishAsync();
        long id = (await hook.DeliveryAsync()).Id;
        receiver.AnswerAlways(500);
        for (int i = 0; i < 5; i++)
        {
            await hook.PublishAsync();
        }

        await hook.AttemptedAsync(6);
        Assert.NotEmpty((await hook.ReadAsync())["held_until"]);
        receiver.AnswerAlways(200);

        Reply reply = await RedeliverAsync(id);

        // It is due now, so it comes before the retries, which are due later.
        Assert.Equal((200, "delivered"), (reply.Code, reply["state"]));
        Assert.Equal("", (await hook.ReadAsync())["held_until"]);
    }

    [Fact]
    public async Task A_redelivery_is_recorded_in_the_audit_log()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(_server, receiver);
        await hook.PublishAsync();
        DeliveryRecord delivery = await hook.DeliveryAsync();
        await RedeliverAsync(delivery.Id);

        JsonElement noted = Assert.Single((await _server.GetAsync($"/api/audit?target={delivery.Id}")).Json.EnumerateArray());

        Assert.Equal("delivery.redelivered", noted.GetProperty("action").GetString());
        Assert.Equal(hook.Id, noted.GetProperty("details").GetProperty("hook").GetString());
    }

    private Task<Reply> RedeliverAsync(long id) => _server.SendAsync(HttpMethod.Post, $"/api/deliveries/msg_{id}/redeliver");

    private async Task<(int Code, bool Says)> RefusedAsync(long id, string word)
    {
        Reply reply = await RedeliverAsync(id);
        return (reply.Code, reply.Reason.Contains(word, StringComparison.Ordinal));
    }
}
