using Microsoft.Extensions.DependencyInjection;
using Nyala.Client;
using Nyala.Server;
using Nyala.Server.Outbound;
using Nyala.Server.Storage;
using Nyala.Tests.Support;
using RequestForm = Nyala.Server.Outbound.Formats.RequestForm;

namespace Nyala.Tests.Delivery;

/// <summary>A format that is not Kudu's, from the event to the history.</summary>
public sealed class FormatTests : DeliveryTest
{
    private const string Accepts = """{"ok":true}""";

    private SlackLikeFormat _format = new();
    private HookUnderTest? _hook;

    private HookUnderTest Hook => _hook!;

    /// <summary>The tests advance the clock while attempts are made, and no attempt may time out on a slow machine.</summary>
    private protected override void Configure(NyalaOptions options) =>
        options.Outbound.ConnectTimeout = options.Outbound.AttemptTimeout = TimeSpan.FromMinutes(5);

    private protected override void Replace(IServiceCollection services) => services.ChangeTargets(target => target with { Format = _format });

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _hook = await HookUnderTest.AddAsync(Server, Receiver);
    }

    [Fact]
    public async Task A_200_with_an_error_that_passes_is_retried_after_the_wait_in_its_body()
    {
        Receiver.AnswerNext(new Answer(200, """{"ok":false,"error":"ratelimited","retry_after":90}"""), new Answer(200, Accepts));
        await Hook.PublishAsync("1");
        DeliveryRecord pending = await Hook.DeliveryAsync();
        Assert.Equal((DeliveryState.Pending, TimeSpan.FromSeconds(90)), (pending.State, pending.Due - Clock.GetUtcNow()));
        Assert.Equal("The receiver reported ratelimited.", (await Hook.ReadAsync())["last_reason"]);

        Clock.Advance(TimeSpan.FromSeconds(90));
        await Hook.SettledAsync();

        Assert.Equal(DeliveryState.Delivered, (await Hook.DeliveryAsync()).State);
        Assert.Equal([(200, "The receiver reported ratelimited."), (200, null)], (await Hook.AttemptsAsync()).Select(attempt => (attempt.Status!.Value, attempt.Reason)));
    }

    [Fact]
    public async Task A_refused_delivery_fails_at_once_and_the_history_shows_why()
    {
        Receiver.AnswerNext(new Answer(200, """{"ok":false,"error":"invalid_blocks"}"""));

        await Hook.PublishAsync("1");

        DeliveryRecord delivery = await Hook.DeliveryAsync();
        Assert.Equal((DeliveryState.Failed, 1), (delivery.State, delivery.Attempts));
        Reply shown = await Server.GetAsync($"/api/deliveries/{delivery.Id}");
        Assert.Equal(("failed", "200", "The receiver refused the message: invalid_blocks."), (shown["state"], shown["last_status"], shown["last_reason"]));
        Assert.Equal("active", (await Hook.ReadAsync())["state"]);
    }

    [Fact]
    public async Task A_receiver_that_refuses_everything_opens_the_breaker()
    {
        Receiver.AnswerNext(Enumerable.Repeat(new Answer(200, """{"ok":false,"error":"invalid_blocks"}"""), 9));
        for (int i = 1; i <= 5; i++)
        {
            await Hook.PublishAsync($"{i}");
        }

        await Hook.PublishAsync("6");

        Assert.Equal(5, Receiver.Count);
        Assert.Equal(DeliveryState.Pending, (await Hook.DeliveriesAsync())[^1].State);
    }

    [Fact]
    public async Task A_200_that_ends_the_hook_makes_it_gone_with_the_reason_of_the_format()
    {
        Receiver.AnswerNext(new Answer(200, """{"ok":false,"error":"channel_is_archived"}"""));

        await Hook.PublishAsync("1");

        Assert.Equal(DeliveryState.Gone, (await Hook.DeliveryAsync()).State);
        Reply hook = await Hook.ReadAsync();
        Assert.Equal(("gone", "The channel is archived."), (hook["state"], hook["state_reason"]));
    }

    [Fact]
    public async Task Every_attempt_and_a_redelivery_send_the_bytes_of_the_first_attempt()
    {
        _format = new SlackLikeFormat { Varies = true, Form = new RequestForm { Method = "PUT", Path = "/7?by=alias", Headers = [new CustomHeader("X-Priority", "high")] } };
        await Server.RestartAsync();
        Receiver.AnswerNext(new Answer(500), new Answer(500), new Answer(200, Accepts), new Answer(200, Accepts));
        await Hook.PublishAsync("1");
        for (int attempts = 1; attempts < 3; attempts++)
        {
            await Hook.AttemptedAsync(attempts);
            await Server.RestartAsync();
            Clock.Advance((await Hook.DeliveryAsync()).Due - Clock.GetUtcNow());
            await Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), Hook.AttemptedAsync(attempts + 1).ContinueWith(_ => true, TaskScheduler.Default));
        }

        await Hook.SettledAsync();
        string delivery = $"{(await Hook.DeliveryAsync()).Id}";
        Assert.Equal("delivered", (await Server.SendAsync(HttpMethod.Post, $"/api/deliveries/{delivery}/redeliver"))["state"]);

        string first = $$"""{"text":"{{Hook.Type}} 1: 1"}""";
        for (int attempt = 1; attempt <= 4; attempt++)
        {
            Received received = await Receiver.NextAsync();
            Assert.Equal((first, "application/x-chat+json"), (received.Text, received.Header("Content-Type")));
            Assert.Equal(("PUT", "/7?by=alias", "high"), (received.Method, received.PathAndQuery[^11..], received.Header("X-Priority")));
            Assert.Equal($"{attempt}", received.Header("Nyala-Attempt"));
        }

        Assert.Equal(1, _format.Rendered);
        Assert.Equal(first, (await Server.GetAsync($"/api/deliveries/{delivery}"))["body"]);
    }

    [Fact]
    public async Task An_attempt_whose_outcome_was_lost_is_made_again_with_the_same_bytes()
    {
        Receiver.Hold();
        await Hook.PublishSoonAsync("1");
        Received first = await Receiver.NextAsync();
        await Hook.WriteAsync(tables => tables.Hooks.NextEpoch(Hook.Number));
        Receiver.Release();

        Received second = await Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), Receiver.NextAsync());

        Assert.Equal((first.Text, "1", "1"), (second.Text, first.Header("Nyala-Attempt"), second.Header("Nyala-Attempt")));
        Assert.Equal(2, _format.Rendered);
    }

    [Fact]
    public async Task A_ping_is_rendered_and_the_history_shows_what_was_sent()
    {
        Receiver.AnswerNext(new Answer(200, Accepts));

        Reply ping = await Server.SendAsync(HttpMethod.Post, $"/api/hooks/{Hook.Id}/ping");

        Received received = await Receiver.NextAsync();
        Assert.StartsWith($$"""{"text":"{{EventTypes.Ping}}: """, received.Text, StringComparison.Ordinal);
        Assert.Equal(("delivered", received.Text), (ping["state"], ping["body"]));
    }

    [Fact]
    public async Task Kudus_format_stores_no_body()
    {
        await using TestServer server = await TestServer.StartAsync(null, Clock);
        HookUnderTest hook = await HookUnderTest.AddAsync(server, Receiver);

        await hook.PublishAsync("1");

        DeliveryRecord delivery = await hook.DeliveryAsync();
        Assert.Equal((DeliveryState.Delivered, null), (delivery.State, await server.Store.ReadAsync(tables => tables.Rendered.Find(delivery.Id), TestContext.Current.CancellationToken)));
        Assert.Equal("1", (await server.GetAsync($"/api/deliveries/{delivery.Id}"))["body"]);
    }
}
