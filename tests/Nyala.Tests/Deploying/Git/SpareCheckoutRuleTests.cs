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
    public void HasRoom_requires_more_than_1_GiB_and_more_than_5_percent_of_the_disk_free(long free, long total, bool room) => Assert.Equal(room, SpareCheckoutRule.HasRoom(free, total));
}
