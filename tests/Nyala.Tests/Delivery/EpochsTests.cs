using Nyala.Server.Delivery;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

public sealed class EpochsTests
{
    [Fact]
    public async Task Epochs_that_are_requested_during_a_write_share_the_next_write()
    {
        await using TestServer server = await TestServer.StartAsync();
        var store = new FaultyStore();
        long[] hooks = [.. await Task.WhenAll(Enumerable.Range(0, 40).Select(async number => (await HookUnderTest.AddAsync(server, $"http://127.0.0.1:9/{number}")).Number))];
        var epochs = new Epochs(store.Over(server.Store));

        var hold = new TaskCompletionSource();
        Task blocked = server.Store.WriteAsync(_ => hold.Task.Wait(Signals.Limit));
        Task<long> first = epochs.BeginAsync(hooks[0]);
        await store.Asked.InTimeAsync();
        Task<long[]> others = Task.WhenAll(hooks.Concat(hooks).Select(epochs.BeginAsync));
        hold.SetResult();

        Assert.Equal(1, await first.InTimeAsync());
        Assert.Equal(hooks.Select((_, i) => i == 0 ? 2L : 1).Concat(hooks.Select((_, i) => i == 0 ? 3L : 2)), await others.InTimeAsync());
        Assert.Equal(2, store.Writes);
        Assert.Equal(0, await epochs.BeginAsync(1).InTimeAsync());
        await blocked;
    }

    [Fact]
    public async Task A_failed_write_fails_BeginAsync_and_the_next_call_succeeds()
    {
        await using TestServer server = await TestServer.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(server, "http://127.0.0.1:9/");
        var store = new FaultyStore { Fails = _ => true };
        var epochs = new Epochs(store.Over(server.Store));
        await Assert.ThrowsAsync<InvalidOperationException>(() => epochs.BeginAsync(hook.Number).InTimeAsync());

        store.Fails = null;

        Assert.Equal(1, await epochs.BeginAsync(hook.Number).InTimeAsync());
    }
}
