using CsCheck;
using Nyala.Server.Delivery;

namespace Nyala.Tests.Delivery;

/// <summary>How a rate limit spreads attempts.</summary>
public sealed class RateLimitTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 27, 17, 45, 6, TimeSpan.Zero);

    [Theory]
    [InlineData(60, 1, 1000)]
    [InlineData(6, 1, 10_000)]
    [InlineData(1, 1, 60_000)]
    [InlineData(600, 10, 100)]
    [InlineData(60_000, 1000, 1)]
    public void One_seconds_share_of_attempts_starts_at_once_and_then_one_per_interval(int rate, int burst, int interval)
    {
        var limit = RateLimit.Of(rate);
        for (int i = 0; i < burst; i++)
        {
            Assert.True(limit.Opens <= Now);
            limit = limit.Take(Now);
        }

        Assert.Equal(Now.AddMilliseconds(interval), limit.Opens);
        Assert.Equal(Now.AddMilliseconds(2 * interval), limit.Take(limit.Opens).Opens);
    }

    /// <summary>A caller that starts attempts as early as allowed, with any pauses, never exceeds the rate.</summary>
    [Fact]
    public void No_minute_has_more_attempts_than_the_rate_plus_the_share_of_one_second() =>
        Gen.Select(Gen.Int[1, 6000], Gen.Int[0, 3000].Array[1, 400]).Sample((rate, pauses) =>
        {
            var limit = RateLimit.Of(rate);
            DateTimeOffset now = Now;
            var starts = new List<DateTimeOffset>();
            foreach (int pause in pauses)
            {
                now = now.AddMilliseconds(pause);
                now = limit.Opens > now ? limit.Opens : now;
                limit = limit.Take(now);
                starts.Add(now);
            }

            foreach (DateTimeOffset start in starts)
            {
                Assert.InRange(starts.Count(other => other >= start && other < start.AddMinutes(1)), 1, rate + Math.Max(1, rate / 60));
            }
        });
}
