using System.Globalization;
using CsCheck;
using Nyala.Server.Outbound.Channels.Http;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound.Channels.Http;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 27, 17, 45, 6, TimeSpan.Zero);

    private static readonly Gen<string> Odd = Gen.Char["0123456789-+ ,:.GMTFriebSat\t\0"].Array[0, 32].Select(chars => new string(chars));

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
    public void An_invalid_value_is_treated_as_absent(string? text) => Assert.Null(RetryAfter.Parse(text));

    [Fact]
    public void Seconds_are_read_as_they_are_written() => Gen.Int[0, 999_999_999].Sample(
        seconds => Assert.Equal(TimeSpan.FromSeconds(seconds), RetryAfter.Parse(seconds.ToString(CultureInfo.InvariantCulture))!.Value.From(Now)),
        iter: Fuzz.Cases);

    [Theory]
    [InlineData("ddd, dd MMM yyyy HH:mm:ss 'GMT'")]
    [InlineData("dddd, dd-MMM-yy HH:mm:ss 'GMT'")]
    [InlineData("ddd MMM d HH:mm:ss yyyy")]
    public void Every_date_format_is_read_and_a_past_date_gives_no_wait(string form) => Gen.Int[-100_000, 100_000_000].Sample(
        seconds =>
        {
            string text = Now.AddSeconds(seconds).ToString(form, CultureInfo.InvariantCulture);

            RetryAfter? read = RetryAfter.Parse(text);

            Assert.True(read is not null, text);
            Assert.Equal(TimeSpan.FromSeconds(Math.Max(0, seconds)), read.Value.From(Now));
        },
        iter: Fuzz.Cases);

    [Fact]
    public void No_value_throws_or_gives_a_negative_wait() =>
        Gen.Select(Gen.OneOf(Gen.String, Odd), Gen.Long[0, DateTimeOffset.MaxValue.Ticks]).Sample(
            (text, now) => Assert.True(RetryAfter.Parse(text) is not { } read || read.From(new DateTimeOffset(now, TimeSpan.Zero)) >= TimeSpan.Zero),
            iter: Fuzz.Cases);
}
