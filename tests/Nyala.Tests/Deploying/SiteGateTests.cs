using Nyala.Server.Deploying;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying;

public sealed class SiteGateTests
{
    private readonly SiteGate _gate = new();

    [Fact]
    public async Task Who_comes_while_a_deployment_is_in_progress_is_turned_away()
    {
        using SiteGate.Pass one = (await EnterAsync())!;

        Assert.Null(await EnterAsync().InTimeAsync());
    }

    [Fact]
    public async Task Who_comes_while_an_end_is_recorded_waits_for_it_and_enters()
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
    public async Task Of_several_who_wait_for_an_end_one_enters()
    {
        using SiteGate.Pass one = (await EnterAsync())!;
        one.Ends();

        Task<SiteGate.Pass?>[] next = [.. Enumerable.Range(0, 5).Select(_ => EnterAsync())];
        one.Dispose();

        Assert.Single(await Task.WhenAll(next).InTimeAsync(), pass => pass is not null);
    }

    [Fact]
    public async Task Who_waits_for_an_end_that_cannot_be_recorded_is_turned_away()
    {
        using SiteGate.Pass one = (await EnterAsync())!;
        one.Ends();

        Task<SiteGate.Pass?> next = EnterAsync();
        one.GoesOn();

        Assert.Null(await next.InTimeAsync());
        Assert.Null(await EnterAsync().InTimeAsync());
    }

    private Task<SiteGate.Pass?> EnterAsync() => _gate.EnterAsync("shop", TestContext.Current.CancellationToken);
}
