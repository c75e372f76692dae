using Nyala.Server.Delivery;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

public sealed class AsyncSignalTests
{
    private readonly AsyncSignal _signal = new();

    [Fact]
    public async Task However_often_it_was_set_it_is_there_once()
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
    public async Task No_loop_that_waits_for_it_misses_what_was_done_before_it_was_set()
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
