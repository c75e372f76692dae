using Nyala.Server.Deploying;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying;

public sealed class SiteGateTests
{
    private readonly SiteGate _gate = new();

    [Fact]
    public async Task A_second_deployment_is_refused_while_one_is_in_progress()
    {
        using SiteGate.Pass one = (await EnterAsync())!;

        Assert.Null(await EnterAsync().InTimeAsync());
    }

    [Fact]
    public async Task A_deployment_waits_while_the_end_of_another_is_recorded_and_then_enters()
    {
        using SiteGate.Pass one = (await EnterAsync())!;
        one.Ends();

        Task<SiteGate.Pass?> next = EnterAsync();
        Assert.False(next.IsCompleted);
        one.Dispose();

        using SiteGate.Pass? two = await next.InTimeAsync();
        Assert.NotNull(two);
        Assert.Null(await EnterAsync().InTimeAsync());
    }

    [Fact]
    public async Task Only_one_of_several_waiting_deployments_enters()
    {
        using SiteGate.Pass one = (await EnterAsync())!;
        one.Ends();

        Task<SiteGate.Pass?>[] next = [.. Enumerable.Range(0, 5).Select(_ => EnterAsync())];
        one.Dispose();

        Assert.Single(await Task.WhenAll(next).InTimeAsync(), pass => pass is not null);
    }

    [Fact]
    public async Task A_waiting_deployment_is_refused_if_the_end_of_the_other_cannot_be_recorded()
    {
        using SiteGate.Pass one = (await EnterAsync())!;
        one.Ends();

        Task<SiteGate.Pass?> next = EnterAsync();
        one.ResumeAsRunning();

        Assert.Null(await next.InTimeAsync());
        Assert.Null(await EnterAsync().InTimeAsync());
    }

    [Fact]
    public async Task A_deployment_is_never_refused_while_the_one_before_it_leaves()
    {
        for (int round = 0; round < 20_000; round++)
        {
            SiteGate.Pass one = _gate.TryEnter("shop")!;
            one.Ends();
            using var together = new Barrier(2);
            Task leaving = Task.Run(
                () =>
                {
                    together.SignalAndWait(TestContext.Current.CancellationToken);
                    one.Dispose();
                },
                TestContext.Current.CancellationToken);
            together.SignalAndWait(TestContext.Current.CancellationToken);

            Assert.False(_gate.IsBusy("shop"));
            using SiteGate.Pass? two = await EnterAsync();

            Assert.NotNull(two);
            await leaving;
        }
    }

    private Task<SiteGate.Pass?> EnterAsync() => _gate.EnterAsync("shop", TestContext.Current.CancellationToken);
}
