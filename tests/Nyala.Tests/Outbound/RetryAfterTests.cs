using System.Globalization;
using CsCheck;
using Nyala.Server.Outbound;

namespace Nyala.Tests.Outbound;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 27, 17, 45, 6, TimeSpan.Zero);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("120", 120)]
    [InlineData("000120", 120)]
    [InlineData("999999999", 999_999_999)]
    [InlineData("Fri, 27 Feb 2026 17:46:06 GMT", 60)]
    [InlineData("Fri, 27 Feb 2026 17:44:06 GMT", 0)]
    [InlineData("Friday, 27-Feb-26 17:46:06 GMT", 60)]
    public void A_delay_or_a_date_is_read(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryAfter.Parse(text)!.Value.From(Now));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData("120, 60")]
    [InlineData("99999999999999999999")]
    [InlineData("Fri, 31 Feb 2026 17:46:06 GMT")]
    public void Anything_else_is_as_if_absent(string? text) => Assert.Null(RetryAfter.Parse(text));

    [Fact]
    public void It_never_asks_to_go_back_in_time() =>
        Gen.Int[-100_000, 100_000].Sample(seconds =>
        {
            RetryAfter read = RetryAfter.Parse(Now.AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture))!.Value;

            Assert.Equal(TimeSpan.FromSeconds(Math.Max(0, seconds)), read.From(Now));
        });

    [Fact]
    public void No_header_throws() => Gen.String.Sample(text => Assert.True(RetryAfter.Parse(text) is null or { Delay: not null } or { Date: not null }));
}
