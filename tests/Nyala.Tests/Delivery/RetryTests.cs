using System.Text;
using Nyala.Client;
using Nyala.Server.Delivery;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>A delivery from its first attempt to its end. The test moves the clock.</summary>
public sealed class RetryTests : DeliveryTest
{
    [Fact]
    public async Task A_successful_first_attempt_ends_the_delivery_and_is_shown_on_the_hook()
    {
        Receiver.AnswerNext(new Answer(202, "thanks"));
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);

        await hook.PublishAsync("""{"grüße": 1}""");

        AttemptRecord attempt = await hook.AttemptAsync();
        Assert.Equal((1, 202, null, "thanks", SignalClock.Beginning), (attempt.Number, attempt.Status, attempt.Reason, Encoding.UTF8.GetString(attempt.Answer!), attempt.Started));
        DeliveryRecord delivery = await hook.DeliveryAsync();
        Assert.Equal((DeliveryState.Delivered, 1), (delivery.State, delivery.Attempts));
        Reply read = await hook.ReadAsync();
        Assert.Equal(("Accepted", "", """{"grüße": 1}"""), (read["last_status"], read["last_reason"], read["last_context"]));
        Assert.Equal("2026-02-27T17:44:25.8567966Z", read["last_datetime"]);
    }

    [Fact]
    public async Task A_failed_delivery_is_retried_on_its_schedule_until_an_attempt_succeeds()
    {
        TimeSpan[] waits = new DeliveryOptions().RetrySchedule;
        Receiver.AnswerNext(new Answer(500), new Answer(404), new Answer(503));
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        var verifier = new WebhookVerifier([hook.Secret], clock: Clock);
        await hook.PublishAsync("""{"n":1}""");

        var times = new List<string?>();
        var ids = new List<string?>();
        for (int number = 1; number <= 4; number++)
        {
            Received request = await Receiver.NextAsync();
            Assert.Equal($"{number}", request.Header("Nyala-Attempt"));
            Assert.Equal(WebhookVerdict.Genuine, verifier.Verify(request.Body, request.Header));
            Assert.Equal("""{"n":1}""", request.Text);
            times.Add(request.Header("webhook-timestamp"));
            ids.Add(request.Header("webhook-id"));
            await hook.AttemptedAsync(number);
            if (number < 4)
            {
                DeliveryRecord pending = await hook.DeliveryAsync();
                Assert.Equal((DeliveryState.Pending, number), (pending.State, pending.Attempts));
                Assert.InRange(pending.Due - Clock.GetUtcNow(), waits[number - 1] * 0.79, waits[number - 1] * 1.21);
                Clock.Advance(pending.Due - Clock.GetUtcNow());
            }
        }

        DeliveryRecord delivery = await hook.DeliveryAsync();
        Assert.Equal((DeliveryState.Delivered, 4), (delivery.State, delivery.Attempts));
        Assert.Equal([500, 404, 503, 200], (await hook.AttemptsAsync()).Select(attempt => attempt.Status));
        Assert.Equal([$"msg_{delivery.Id}"], ids.Distinct());
        Assert.Equal(times.Distinct().Order(), times);
        Assert.Equal("OK", (await hook.ReadAsync())["last_status"]);
    }

    [Fact]
    public async Task A_delivery_fails_when_its_retry_schedule_is_exhausted()
    {
        Receiver.AnswerAlways(500);
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        await hook.PublishAsync();

        for (int number = 1; number <= 11; number++)
        {
            Assert.Equal($"{number}", (await Receiver.NextAsync()).Header("Nyala-Attempt"));
            await hook.AttemptedAsync(number);
            Clock.Advance((await hook.DeliveryAsync()).Due - Clock.GetUtcNow());
        }

        await hook.SettledAsync();
        Assert.Equal((DeliveryState.Failed, 11), ((await hook.DeliveryAsync()).State, (await hook.DeliveryAsync()).Attempts));
        Assert.Equal(11, Receiver.Count);
    }

    [Fact]
    public async Task A_delivery_fails_without_another_attempt_when_its_life_is_over()
    {
        Receiver.AnswerAlways(500);
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        await hook.PublishAsync();

        Clock.Advance(TimeSpan.FromDays(7));

        await hook.SettledAsync();
        Assert.Equal(DeliveryState.Failed, (await hook.DeliveryAsync()).State);
        Assert.Equal(1, Receiver.Count);
    }

    [Fact]
    public async Task Retry_After_delays_the_next_attempt()
    {
        Receiver.AnswerNext(new Answer(429, "", ("Retry-After", "3600")));
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        await hook.PublishAsync();
        await Receiver.NextAsync();

        Assert.Equal(Clock.GetUtcNow().AddHours(1), (await hook.DeliveryAsync()).Due);
        Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("2", (await Receiver.NextAsync()).Header("Nyala-Attempt"));
        await hook.SettledAsync();
    }

    [Fact]
    public async Task A_receiver_that_responds_410_gets_no_requests_until_it_subscribes_again()
    {
        Receiver.AnswerNext(new Answer(410));
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        await hook.PublishAsync();
        await Receiver.NextAsync();
        Assert.Equal(DeliveryState.Gone, (await hook.DeliveryAsync()).State);
        Assert.Equal("gone", (await hook.ReadAsync())["state"]);
        Assert.Equal("[]", (await Server.GetAsync("/api/hooks")).Text);
        await hook.PublishAsync();
        Assert.Single(await hook.DeliveriesAsync());

        Reply again = await Server.PostAsync("/api/hooks", Some.Hook(Receiver.Url.AbsoluteUri, (await hook.ReadAsync())["event"]));

        Assert.Equal((201, hook.Id, "active", hook.Secret), (again.Code, again["id"], again["state"], again["secret"]));
        await hook.PublishSoonAsync("""{"again":true}""");
        Assert.Equal("""{"again":true}""", (await Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(5), Receiver.NextAsync())).Text);
        Assert.NotEqual("[]", (await Server.GetAsync("/api/hooks")).Text);
    }

    [Fact]
    public async Task Pending_deliveries_of_a_gone_hook_become_gone()
    {
        Receiver.AnswerNext(new Answer(500), new Answer(500), new Answer(410));
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        await hook.PublishAsync();
        await hook.PublishAsync();

        await hook.PublishAsync();

        await hook.SettledAsync();
        Assert.Equal([DeliveryState.Gone, DeliveryState.Gone, DeliveryState.Gone], (await hook.DeliveriesAsync()).Select(delivery => delivery.State));
    }

    [Fact]
    public async Task A_hanging_receiver_times_out_and_delays_no_other_hook()
    {
        await using Receiver other = await Receiver.StartAsync();
        HookUnderTest hanging = await HookUnderTest.AddAsync(Server, Receiver);
        HookUnderTest quick = await HookUnderTest.AddAsync(Server, other);
        Receiver.Hold();
        await hanging.PublishSoonAsync();
        await Receiver.NextAsync();

        await quick.PublishAsync();
        Assert.Equal(DeliveryState.Delivered, (await quick.DeliveryAsync()).State);
        Assert.Empty(await hanging.AttemptsAsync());
        Clock.Advance(TimeSpan.FromSeconds(10));

        await hanging.AttemptedAsync(1);
        AttemptRecord attempt = await hanging.AttemptAsync();
        Assert.Equal((null, "No complete response within 10 s.", TimeSpan.FromSeconds(10)), (attempt.Status, attempt.Reason, attempt.Duration));
    }

    [Fact]
    public async Task Pending_deliveries_continue_after_a_restart()
    {
        Receiver.AnswerNext(new Answer(500));
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        await hook.PublishAsync();
        Received first = await Receiver.NextAsync();

        await Server.RestartAsync();
        Received second = await Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(6), Receiver.NextAsync());

        Assert.Equal(("2", first.Header("webhook-id")), (second.Header("Nyala-Attempt"), second.Header("webhook-id")));
        await hook.SettledAsync();
        Assert.Equal([500, 200], (await hook.AttemptsAsync()).Select(attempt => attempt.Status));
    }

    [Fact]
    public async Task An_accepted_event_that_was_never_sent_is_sent_at_the_next_start()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);

        // The state that a server leaves if it is killed between the commit and the wake-up of the lane.
        await hook.WriteAsync(tables =>
        {
            tables.Events.Insert(new EventRecord(5, "Lost", "default", "{}"u8.ToArray(), Clock.GetUtcNow()));
            tables.AddDelivery(6, 5, hook.Number, Clock.GetUtcNow());
        });
        await Server.RestartAsync();

        Assert.Equal(("Lost", "msg_6"), Headers(await Receiver.NextAsync()));
    }

    private static (string? Type, string? Id) Headers(Received request) => (request.Header("Nyala-Event"), request.Header("webhook-id"));
}
