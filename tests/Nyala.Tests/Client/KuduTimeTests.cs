using CsCheck;
using Nyala.Client.Json;

namespace Nyala.Tests.Client;

public sealed class KuduTimeTests
{
    [Theory]
    [InlineData("2026-02-27T17:45:06Z", "2026-02-27T17:45:06.0000000Z")]
    [InlineData("2026-02-27T17:45:06.1234567Z", "2026-02-27T17:45:06.1234567Z")]
    [InlineData("2026-02-27T17:45:06", "2026-02-27T17:45:06.0000000Z")]
    [InlineData("2026-02-27T19:45:06+02:00", "2026-02-27T17:45:06.0000000Z")]
    public void A_time_is_written_in_UTC_with_seven_digits(string given, string written)
    {
        Assert.True(KuduTime.TryParse(given, out DateTimeOffset time));
        Assert.Equal(written, KuduTime.Format(time));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("2026-13-01T00:00:00Z")]
    public void What_is_no_time_is_not_read(string? given) => Assert.False(KuduTime.TryParse(given, out _));

    [Fact]
    public void No_tick_is_lost_on_the_way() =>
        Gen.DateTimeOffset.Sample(time =>
        {
            Assert.True(KuduTime.TryParse(KuduTime.Format(time), out DateTimeOffset read));
            Assert.Equal(time.UtcTicks, read.UtcTicks);
        });
}
