using Nyala.Server.Deploying.Git;

namespace Nyala.Tests.Deploying.Git;

public sealed class SpareCheckoutRuleTests
{
    private const long Gibi = 1024 * 1024 * 1024;

    [Theory]
    [InlineData(10 * Gibi, 100 * Gibi, true)]
    [InlineData(5 * Gibi, 100 * Gibi, false)]
    [InlineData((5 * Gibi) + 1, 100 * Gibi, true)]
    [InlineData(Gibi, 2 * Gibi, false)]
    [InlineData(Gibi + 1, 2 * Gibi, true)]
    [InlineData(0, 0, false)]
    public void The_last_of_a_disk_is_left_to_all_else(long free, long total, bool room) => Assert.Equal(room, SpareCheckoutRule.HasRoom(free, total));
}
