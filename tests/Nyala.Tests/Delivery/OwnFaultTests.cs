using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Nyala.Server.Delivery;
using Nyala.Server.Events;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>Faults of the server itself: nothing is lost, nothing is written twice, and no other delivery waits.</summary>
public sealed class OwnFaultTests
{
    [Fact]
    public async Task A_worker_that_fails_frees_its_slot_and_its_delivery_is_retried()
    {
        var clock = new SignalClock();
        var chance = new FailingChance(3);
        await using TestServer server = await TestServer.StartAsync(
            options => (options.Delivery.InFlightPerHook, options.Delivery.InFlightPerNode) = (1, 2),
            clock,
            services => services.AddSingleton<Random>(chance));
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(server, receiver);
        for (int i = 0; i < 5; i++)
        {
            await hook.PublishSoonAsync($"{i}");
        }

        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), SettledAsync(hook));

        Assert.Equal(0, chance.Left);
        Assert.All(await hook.DeliveriesAsync(), delivery => Assert.Equal(DeliveryState.Delivered, delivery.State));
        Assert.Equal(5 + 3, receiver.Count);
        HookRecord stored = (await server.Store.ReadAsync(tables => tables.Hooks.Find(hook.Number), TestContext.Current.CancellationToken))!;
        Assert.Equal(default, stored.Health);
        AttemptSlots slots = server.Server.Services.GetRequiredService<AttemptSlots>();
        Assert.Equal((0, 0), (slots.InFlight, slots.Waiting));
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_stops_no_delivery()
    {
        await using TestServer server = await TestServer.StartAsync(replace: services => services.AddSingleton<ILoggerProvider>(new FailingLog()));
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(server, receiver);
        for (int i = 0; i < 40; i++)
        {
            await hook.PublishSoonAsync($"{i}");
        }

        await hook.SettledAsync();

        Assert.Equal(40, receiver.Count);
        Assert.All(await hook.DeliveriesAsync(), delivery => Assert.Equal((DeliveryState.Delivered, 1), (delivery.State, delivery.Attempts)));
    }

    [Fact]
    public async Task An_outcome_is_recorded_once_even_if_a_consequence_of_it_fails()
    {
        var log = new CapturedLog();
        await using TestServer server = await TestServer.StartAsync(replace: FailingDispatcher.PutOver, log: log);
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(server, receiver);
        await hook.WriteAsync(tables => tables.Hooks.SetHealth(hook.Number, new HookHealth(1, DateTimeOffset.UnixEpoch, null, 0)));
        receiver.AnswerAlways(500);

        // The last failure: the hook is disabled, and the dispatcher then throws.
        await hook.PublishAsync();

        using var limit = new CancellationTokenSource(Signals.Limit);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!log.Lines.Any(line => line.Contains("could not be disabled", StringComparison.Ordinal)))
        {
            Assert.True(await look.WaitForNextTickAsync(limit.Token));
        }

        Assert.Equal("disabled", (await hook.ReadAsync())["state"]);
        DeliveryRecord delivery = await hook.DeliveryAsync();
        Assert.Equal((DeliveryState.Pending, 1), (delivery.State, delivery.Attempts));
        Assert.Equal(500, (await hook.AttemptAsync()).Status);
        Assert.DoesNotContain(log.Lines, line => line.Contains("cannot be stored", StringComparison.Ordinal));

        // The outcome writer still works.
        HookUnderTest other = await HookUnderTest.AddAsync(server, new UriBuilder(receiver.Url) { Path = "/callback/other" }.Uri.AbsoluteUri);
        await other.PublishAsync();
        Assert.Equal(1, (await other.DeliveryAsync()).Attempts);
    }

    private static async Task<bool> SettledAsync(HookUnderTest hook)
    {
        await hook.SettledAsync();
        return true;
    }

    /// <summary>Throws on the given number of first calls.</summary>
    private sealed class FailingChance(int times) : Random
    {
        private int _left = times;

        public int Left => Math.Max(0, Volatile.Read(ref _left));

        public override double NextDouble() => Interlocked.Decrement(ref _left) >= 0 ? throw new InvalidOperationException("No chance.") : 0.5;
    }

    private sealed class FailingLog : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new IOException("The log is gone.");

        public void Dispose()
        {
        }
    }

    /// <summary>Throws when the disabler reports a changed hook.</summary>
    private sealed class FailingDispatcher(IDispatcher inner) : IDispatcher
    {
        public static void PutOver(IServiceCollection services) => services
            .AddSingleton<Dispatcher>()
            .AddSingleton<IDispatcher>(provider => new FailingDispatcher(provider.GetRequiredService<Dispatcher>()));

        public Task ChangedAsync(long hook)
        {
            // Throws only for the disabler, so that the test's own requests succeed.
            return new System.Diagnostics.StackTrace().ToString().Contains("Disabler", StringComparison.Ordinal)
                ? throw new InvalidOperationException("Nobody can be told.")
                : inner.ChangedAsync(hook);
        }

        public void Wake(long hook) => inner.Wake(hook);

        public void Deliver(long hook, DueDelivery delivery) => inner.Deliver(hook, delivery);

        public IFirstAttempts Expect(long eventId) => inner.Expect(eventId);
    }
}
