using Nyala.Server.Delivery;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

public sealed class BacklogTests
{
    [Fact]
    public void Expect_returns_false_once_the_backlog_is_closed()
    {
        var backlog = new Backlog();
        Assert.True(backlog.Expect());

        Assert.True(backlog.CloseIfIdle());

        Assert.False(backlog.Expect());
    }

    [Theory]
    [InlineData("3,4", true, "1,2,3,4")]
    [InlineData("2,4", true, "1,2,4")]
    [InlineData("3", false, "1,2")]
    public void Deliveries_that_are_offered_while_a_page_is_read_follow_those_of_the_page(string offered, bool whole, string taken)
    {
        var backlog = new Backlog();
        var target = new MemoryTarget(null!, new PlainFormat(), "here");
        backlog.BeginPage();
        backlog.Add(Page(whole: true, 1), target);

        backlog.BeginPage();
        Assert.All(offered.Split(','), id => Assert.True(backlog.Offer(Some.Due(long.Parse(id, null)))));
        backlog.Add(Page(whole, 2), target);

        Assert.Equal(taken.Split(',').Length, backlog.AddWorkers(16));
        var order = new List<long>();
        while (backlog.TryTake(16, out DueDelivery? delivery, out _, out _))
        {
            order.Add(delivery.Id);
        }

        Assert.Equal(taken, string.Join(',', order));
        Assert.Equal(!whole, backlog.NeedsPage(shut: false));
    }

    private static LanePage Page(bool whole, params long[] ids) => new(Some.StoredHook(7), [.. ids.Select(id => Some.Due(id))], whole, NextDue: null);
}
