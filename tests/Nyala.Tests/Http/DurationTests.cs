using System.Globalization;
using CsCheck;
using Nyala.Server.Http;

namespace Nyala.Tests.Http;

public sealed class DurationTests
{
    private static readonly (string Unit, long Milliseconds)[] Units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    private static readonly string[] Pieces = ["0", "9", "99999999", ".", ":", "-", "+", " ", "ms", "s", "d", "e9", "NaN", "Infinity"];

    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("30s", 30_000)]
    [InlineData("5m", 300_000)]
    [InlineData("12h", 43_200_000)]
    [InlineData("7d", 604_800_000)]
    [InlineData("1.5s", 1500)]
    [InlineData(" 30s ", 30_000)]
    [InlineData("0s", 0)]
    [InlineData("00:00:30", 30_000)]
    [InlineData("1.00:00:00", 86_400_000)]
    [InlineData("00:00:00.250", 250)]
    public void Durations_are_parsed_with_a_unit_or_as_a_time_span(string text, int milliseconds)
    {
        Assert.True(Duration.TryParse(text, out TimeSpan duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5 minutes")]
    [InlineData("5M")]
    [InlineData("1,5s")]
    [InlineData("1e3s")]
    [InlineData("NaNs")]
    [InlineData("Infinityd")]
    [InlineData("-Infinitys")]
    [InlineData("999999999999d")]
    [InlineData("1:2:3:4:5")]
    public void Ambiguous_or_invalid_durations_are_rejected(string? text) => Assert.False(Duration.TryParse(text, out _));

    [Fact]
    public void A_whole_number_with_any_unit_is_parsed() =>
        Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, Units.Length - 1]).Sample((number, index) =>
        {
            (string unit, long milliseconds) = Units[index];
            Assert.True(Duration.TryParse(number.ToString(CultureInfo.InvariantCulture) + unit, out TimeSpan duration));
            Assert.Equal(number * milliseconds, (long)duration.TotalMilliseconds);
        });

    [Fact]
    public void TryParse_never_throws() =>
        Gen.Int[0, Pieces.Length - 1].Array[0, 5].Select(indexes => string.Concat(indexes.Select(index => Pieces[index]))).Sample(
            text => Assert.True(Duration.TryParse(text, out TimeSpan duration) || duration == default), iter: 5000);
}
