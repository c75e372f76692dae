using Nyala.Server.Hosting;
using Nyala.Server.Storage;

namespace Nyala.Tests.Hosting;

public sealed class ReadyRuleTests
{
    [Theory]
    [InlineData("None", 0, true, false, "")]
    [InlineData("None", 10, true, false, "")]
    [InlineData("None", 10.001, true, false, "writer_stalled")]
    [InlineData("Full", 0, true, false, "disk_full")]
    [InlineData("Failing", 0, true, false, "disk_failing")]
    [InlineData("None", 0, false, false, "database_unreadable")]
    [InlineData("None", 0, true, true, "stopping")]
    [InlineData("Full", 60, false, true, "stopping disk_full writer_stalled database_unreadable")]
    public void Each_reason_for_not_being_ready_is_reported(string fault, double busySeconds, bool readable, bool stopping, string reasons) => Assert.Equal(
        reasons,
        string.Join(' ', ReadyRule.Reasons(new StoreHealth(Enum.Parse<StoreFault>(fault), TimeSpan.FromSeconds(busySeconds), 0), readable, stopping)));
}
