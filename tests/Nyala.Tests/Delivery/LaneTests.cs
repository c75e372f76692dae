using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Nyala.Server;
using Nyala.Server.Delivery;
using Nyala.Server.Events;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>How a lane sends and how it ends: its hook is deleted, a newer lane takes over, it is idle, or the server stops.</summary>
public sealed class LaneTests : DeliveryTest
{
    private protected override void Configure(NyalaOptions options)
    {
        options.Delivery.InFlightPerHook = 1;
        options.Outbound.AttemptTimeout = TimeSpan.FromMinutes(1);
    }

    [Fact]
    public async Task Events_are_sent_in_order_if_a_hook_allows_one_attempt_in_flight()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        Receiver.Hold();
        for (int i = 0; i < 20; i++)
        {
            await hook.PublishSoonAsync($"{i}");
        }

        Assert.Equal("0", (await Receiver.NextAsync()).Text);
        Assert.Equal(1, Receiver.Count);
        Receiver.Release();
        for (int i = 1; i < 20; i++)
        {
            Assert.Equal($"{i}", (await Receiver.NextAsync()).Text);
        }

        await hook.SettledAsync();
    }

    [Fact]
    public async Task Queued_deliveries_of_a_deleted_hook_become_gone_and_are_not_sent()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        Receiver.Hold();
        for (int i = 0; i < 300; i++)
        {
            await hook.PublishSoonAsync();
        }

        await Receiver.NextAsync();
        Assert.Equal(200, (await Server.DeleteAsync($"/api/hooks/{hook.Id}")).Code);
        await Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), GoneAsync(hook, 299));
        Receiver.Release();

        await hook.SettledAsync();
        Assert.Equal(1, Receiver.Count);
        Assert.All((await hook.DeliveriesAsync()).Skip(1), delivery => Assert.Equal((DeliveryState.Gone, 0), (delivery.State, delivery.Attempts)));
    }

    [Fact]
    public async Task A_lane_that_was_replaced_by_a_newer_one_writes_nothing_and_ends()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        Receiver.Hold();
        Task publish = hook.PublishAsync();
        Received first = await Receiver.NextAsync();
        await hook.WriteAsync(tables => tables.Hooks.NextEpoch(hook.Number));
        Receiver.Release();

        await publish.InTimeAsync();

        Assert.Empty(await hook.AttemptsAsync());
        DeliveryRecord delivery = await hook.DeliveryAsync();
        Assert.Equal((DeliveryState.Pending, 0), (delivery.State, delivery.Attempts));
        Assert.Equal("", (await hook.ReadAsync())["last_status"]);

        // The rescuer finds the delivery and a new lane sends it again, under the same id.
        Received second = await Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(5), Receiver.NextAsync());
        Assert.Equal(("1", first.Header("webhook-id")), (second.Header("Nyala-Attempt"), second.Header("webhook-id")));
        await hook.SettledAsync();
        Assert.Equal(200, (await hook.AttemptAsync()).Status);
    }

    [Fact]
    public async Task A_stopping_server_waits_for_the_attempt_in_flight_and_records_it()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        Receiver.Hold();
        await hook.PublishSoonAsync("1");
        await hook.PublishSoonAsync("2");
        await Receiver.NextAsync();

        Task stop = await BeginStopAsync();
        await Clock.TimerAsync(TimeSpan.FromSeconds(15));
        Assert.False(stop.IsCompleted);
        Receiver.Release();
        await stop.InTimeAsync();
        Assert.Equal(1, Receiver.Count);

        await Server.StartAgainAsync();
        Assert.Equal("2", (await Receiver.NextAsync()).Text);
        await hook.SettledAsync();
        Assert.Equal([(DeliveryState.Delivered, 1), (DeliveryState.Delivered, 1)], (await hook.DeliveriesAsync()).Select(delivery => (delivery.State, delivery.Attempts)));
    }

    [Fact]
    public async Task An_attempt_that_outlasts_the_stop_is_cut_off_and_made_again_at_the_next_start()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        Receiver.Hold();
        await hook.PublishSoonAsync();
        Received first = await Receiver.NextAsync();

        Task stop = await BeginStopAsync();
        await Clock.TimerAsync(TimeSpan.FromSeconds(15));
        Clock.Advance(TimeSpan.FromSeconds(15));
        await stop.InTimeAsync();
        Receiver.Release();
        await Server.StartAgainAsync();

        Received second = await Receiver.NextAsync();
        Assert.Equal(("1", first.Header("webhook-id")), (second.Header("Nyala-Attempt"), second.Header("webhook-id")));
        await hook.SettledAsync();
        Assert.Equal((1, 200), ((await hook.AttemptAsync()).Number, (await hook.AttemptAsync()).Status));
    }

    [Fact]
    public async Task An_unused_lane_ends_and_the_next_event_is_sent_at_once()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        await hook.PublishAsync("1");
        await Receiver.NextAsync();
        ActiveLanes lanes = Server.Server.Services.GetRequiredService<ActiveLanes>();
        Assert.Single(lanes.All);

        await Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(5), AtRestAsync(lanes));

        await hook.PublishAsync("2").InTimeAsync();
        Assert.Equal("2", (await Receiver.NextAsync()).Text);
    }

    [Fact]
    public async Task An_idle_lane_ends_at_once_while_many_lanes_are_awake()
    {
        await using TestServer server = await TestServer.StartAsync(replace: services => services.AddSingleton(provider => new ActiveLanes(provider.GetRequiredService<IChangeFeed>(), many: 0)));
        HookUnderTest hook = await HookUnderTest.AddAsync(server, Receiver);
        ActiveLanes lanes = server.Server.Services.GetRequiredService<ActiveLanes>();
        for (int i = 0; i < 3; i++)
        {
            await hook.PublishAsync($"{i}").InTimeAsync();

            Assert.Equal($"{i}", (await Receiver.NextAsync()).Text);
            await AtRestAsync(lanes).InTimeAsync();
        }

        await hook.SettledAsync();
    }

    [Fact]
    public async Task A_stopping_server_starts_no_attempt_and_responds_to_waiting_publishers()
    {
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        Receiver.Hold();
        await hook.PublishSoonAsync("1");
        await Receiver.NextAsync();
        using HttpClient http = Server.Connect();
        http.DefaultRequestHeaders.Authorization = Server.Http.DefaultRequestHeaders.Authorization;
        Task<HttpResponseMessage> waiting = http.PostAsync($"/api/hooks/publish/{hook.Type}", new StringContent("2"), TestContext.Current.CancellationToken);
        await Clock.TimerAsync(TimeSpan.FromSeconds(10));

        Task stop = await BeginStopAsync();
        Assert.Equal(HttpStatusCode.OK, (await waiting.InTimeAsync()).StatusCode);
        Receiver.Release();
        await stop.InTimeAsync();

        Assert.Equal(1, Receiver.Count);
        await Server.StartAgainAsync();
        Assert.Equal("2", (await Receiver.NextAsync()).Text);
        await hook.SettledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_event_is_sent_exactly_once_under_concurrent_publishers_and_pauses(bool ordered)
    {
        const int Publishers = 16, Each = 60;
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        await hook.WriteAsync(tables => tables.Hooks.Update(tables.Hooks.Find(hook.Number)! with { Ordered = ordered }));
        IDispatcher dispatcher = Server.Server.Services.GetRequiredService<IDispatcher>();
        Task publish = Task.WhenAll(Enumerable.Range(0, Publishers).Select(async publisher =>
        {
            for (int i = 0; i < Each; i++)
            {
                await hook.PublishSoonAsync($"{(publisher * Each) + i}");
            }
        }));
        while (!publish.IsCompleted)
        {
            foreach (HookState state in (HookState[])[HookState.Paused, HookState.Active])
            {
                await hook.WriteAsync(tables => tables.Hooks.SetState(hook.Number, state, null, Clock.GetUtcNow()));
                await dispatcher.ChangedAsync(hook.Number);
            }
        }

        await publish;
        await hook.SettledAsync();

        var texts = new List<int>();
        for (int i = 0; i < Publishers * Each; i++)
        {
            texts.Add(int.Parse((await Receiver.NextAsync()).Text, null));
        }

        Assert.Equal(Enumerable.Range(0, Publishers * Each), texts.Order());
        Assert.Equal(Publishers * Each, Receiver.Count);
    }

    private async Task<Task> BeginStopAsync()
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IHostApplicationLifetime life = Server.Server.Services.GetRequiredService<IHostApplicationLifetime>();
        await using CancellationTokenRegistration registration = life.ApplicationStopping.Register(stopping.SetResult);
        Task stop = Server.StopAsync();
        await stopping.Task.InTimeAsync();
        return stop;
    }

    private static async Task<bool> AtRestAsync(ActiveLanes lanes)
    {
        using var limit = new CancellationTokenSource(Signals.Limit);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (lanes.All.Any())
        {
            await look.WaitForNextTickAsync(limit.Token);
        }

        return true;
    }

    private static async Task<bool> GoneAsync(HookUnderTest hook, int count)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while ((await hook.DeliveriesAsync()).Count(delivery => delivery.State == DeliveryState.Gone) < count)
        {
            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        return true;
    }
}
