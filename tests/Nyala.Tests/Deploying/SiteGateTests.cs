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
        const int Rounds = 5000;
        using var together = new Barrier(2);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        SiteGate.Pass? one = null;

        // A thread of its own, because the pool may have no free thread for long while other tests run.
        var leaver = new Thread(() =>
        {
            try
            {
                for (int round = 0; round < Rounds; round++)
                {
                    together.SignalAndWait(over.Token);
                    one!.Dispose();
                }
            }
            catch (OperationCanceledException)
            {
                // The test has failed.
            }
        });
        leaver.Start();
        try
        {
            for (int round = 0; round < Rounds; round++)
            {
                one = _gate.TryEnter("shop")!;
                one.Ends();
                together.SignalAndWait(over.Token);

                // Asks as often as possible while the pass is returned, or enters at the same moment.
                SiteGate.Pass? two = null;
                while (round % 2 == 0 && (two = _gate.TryEnter("shop")) is null)
                {
                    Assert.False(_gate.IsBusy("shop"));
                }

                two ??= await EnterAsync().InTimeAsync();
                Assert.NotNull(two);
                two.Dispose();
            }
        }
        finally
        {
            await over.CancelAsync();
            leaver.Join();
        }
    }

    private Task<SiteGate.Pass?> EnterAsync() => _gate.EnterAsync("shop", TestContext.Current.CancellationToken);
}
