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
    public void A_time_is_written_in_UTC_with_seven_fractional_digits(string given, string written)
    {
        Assert.True(KuduTime.TryParse(given, out DateTimeOffset time));
        Assert.Equal(written, KuduTime.Format(time));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("2026-13-01T00:00:00Z")]
    public void TryParse_returns_false_for_an_invalid_time(string? given) => Assert.False(KuduTime.TryParse(given, out _));

    [Fact]
    public void Formatting_and_parsing_a_time_loses_no_tick() =>
        Gen.DateTimeOffset.Sample(time =>
        {
            Assert.True(KuduTime.TryParse(KuduTime.Format(time), out DateTimeOffset read));
            Assert.Equal(time.UtcTicks, read.UtcTicks);
        });
}
