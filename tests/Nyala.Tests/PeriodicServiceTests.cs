using System.Threading.Channels;
using Nyala.Server;
using Nyala.Tests.Support;

namespace Nyala.Tests;

/// <summary>The loop that all periodic services share.</summary>
public sealed class PeriodicServiceTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly SignalClock _clock = new();

    [Fact]
    public async Task Work_runs_at_each_tick_and_not_before()
    {
        using var service = new Recording(_clock, atStart: false);
        await service.StartAsync(TestContext.Current.CancellationToken);
        await _clock.TimerAsync(Interval);

        Assert.False(service.Runs.TryRead(out _));
        _clock.Advance(Interval);
        Assert.Equal(1, await NextAsync(service.Runs));
        _clock.Advance(Interval);
        Assert.Equal(2, await NextAsync(service.Runs));
        await service.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Work_runs_at_the_start_if_the_service_asks_for_it()
    {
        using var service = new Recording(_clock, atStart: true);
        await service.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, await NextAsync(service.Runs));
        await service.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(OperationCanceledException))]
    public async Task Failed_work_is_reported_and_runs_again_at_the_next_tick(Type failure)
    {
        using var service = new Recording(_clock, atStart: true) { Failure = (Exception)Activator.CreateInstance(failure)! };
        await service.StartAsync(TestContext.Current.CancellationToken);

        Assert.Same(service.Failure, await NextAsync(service.Failures));
        _clock.Advance(Interval);
        Assert.Same(service.Failure, await NextAsync(service.Failures));
        await service.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Stop_ends_work_that_waits_and_reports_no_failure()
    {
        using var service = new Recording(_clock, atStart: true) { Waits = true };
        await service.StartAsync(TestContext.Current.CancellationToken);
        await NextAsync(service.Runs);

        await service.StopAsync(TestContext.Current.CancellationToken);

        Assert.True(service.ExecuteTask!.IsCompletedSuccessfully);
        Assert.False(service.Failures.TryRead(out _));
    }

    [Fact]
    public async Task Work_that_fails_because_of_the_stop_is_reported_and_does_not_fail_the_service()
    {
        using var service = new Recording(_clock, atStart: true) { Waits = true, FailsAtStop = true };
        await service.StartAsync(TestContext.Current.CancellationToken);
        await NextAsync(service.Runs);

        await service.StopAsync(TestContext.Current.CancellationToken);

        Assert.IsType<InvalidOperationException>(await NextAsync(service.Failures));
        Assert.True(service.ExecuteTask!.IsCompletedSuccessfully);
    }

    private static Task<T> NextAsync<T>(ChannelReader<T> reader) => reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTimeAsync();

    private sealed class Recording(TimeProvider clock, bool atStart) : PeriodicService(Interval, clock, atStart)
    {
        private readonly Channel<int> _runs = Channel.CreateUnbounded<int>();
        private readonly Channel<Exception> _failures = Channel.CreateUnbounded<Exception>();
        private int _count;

        public Exception? Failure { get; init; }

        public bool Waits { get; init; }

        public bool FailsAtStop { get; init; }

        public ChannelReader<int> Runs => _runs.Reader;

        public ChannelReader<Exception> Failures => _failures.Reader;

        protected override async Task RunAsync(CancellationToken stoppingToken)
        {
            _runs.Writer.TryWrite(++_count);
            if (Failure is not null)
            {
                throw Failure;
            }

            if (Waits)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, Clock, stoppingToken).ContinueWith(_ => { }, TaskScheduler.Default);
                if (FailsAtStop)
                {
                    throw new InvalidOperationException("The store is closed.");
                }

                stoppingToken.ThrowIfCancellationRequested();
            }
        }

        protected override void Failed(Exception error) => _failures.Writer.TryWrite(error);
    }
}
