using Nyala.Server.Delivery;

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
}
