using Nyala.Server.Delivery;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

public sealed class AsyncSignalTests
{
    private readonly AsyncSignal _signal = new();

    [Fact]
    public async Task Several_calls_of_Set_complete_one_wait()
    {
        _signal.Set();
        _signal.Set();

        Task first = _signal.WaitAsync().AsTask();
        Assert.True(first.IsCompletedSuccessfully);
        Task second = _signal.WaitAsync().AsTask();
        Assert.False(second.IsCompleted);
        _signal.Set();
        await second.InTimeAsync();
    }

    [Fact]
    public async Task A_waiting_loop_misses_nothing_that_was_done_before_Set()
    {
        const int Setters = 4, Each = 50_000;
        int done = 0;
        Task loop = Task.Run(async () =>
        {
            while (Volatile.Read(ref done) < Setters * Each)
            {
                await _signal.WaitAsync();
            }
        }, TestContext.Current.CancellationToken);
        await Task.WhenAll(Enumerable.Range(0, Setters).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                Interlocked.Increment(ref done);
                _signal.Set();
            }
        }, TestContext.Current.CancellationToken)));

        await loop.InTimeAsync();
    }
}
