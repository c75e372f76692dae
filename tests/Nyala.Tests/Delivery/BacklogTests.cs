using Nyala.Server.Delivery;

namespace Nyala.Tests.Delivery;

public sealed class BacklogTests
{
    [Fact]
    public void Whoever_expects_more_of_one_that_is_closed_is_told_that_nobody_will_look()
    {
        var backlog = new Backlog();
        Assert.True(backlog.Expect());

        Assert.True(backlog.CloseIfIdle());

        Assert.False(backlog.Expect());
    }
}
