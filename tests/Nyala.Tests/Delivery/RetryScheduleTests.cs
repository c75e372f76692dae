using CsCheck;
using Nyala.Server.Delivery;

namespace Nyala.Tests.Delivery;

public sealed class RetryScheduleTests
{
    private static readonly Gen<TimeSpan[]> Waits = Gen.Int[100, 604_800_000].Select(ms => TimeSpan.FromMilliseconds(ms)).Array[1, 50];

    [Fact]
    public void A_wait_differs_from_the_schedule_by_at_most_a_fifth() =>
        Gen.Select(Waits, Gen.Int[0, 49], Gen.Double[0, 1]).Sample((waits, index, chance) =>
        {
            int attempt = 1 + (index % waits.Length);

            TimeSpan? wait = new RetrySchedule(waits).After(attempt, chance);

            Assert.InRange(wait!.Value, waits[attempt - 1] * 0.8 - TimeSpan.FromTicks(1), waits[attempt - 1] * 1.2 + TimeSpan.FromTicks(1));
        });

    [Fact]
    public void The_wait_grows_with_the_random_value_from_80_to_120_percent()
    {
        var schedule = new RetrySchedule([TimeSpan.FromSeconds(10)]);

        Assert.Equal(TimeSpan.FromSeconds(8), schedule.After(1, 0));
        Assert.Equal(TimeSpan.FromSeconds(10), schedule.After(1, 0.5));
        Assert.Equal(TimeSpan.FromSeconds(12), schedule.After(1, 1));
    }

    [Fact]
    public void The_schedule_ends_after_one_attempt_more_than_it_has_waits() =>
        Gen.Select(Gen.Int[100, 604_800_000].Select(ms => TimeSpan.FromMilliseconds(ms)).Array[1, 5], Gen.Int[1, 8], Gen.Double[0, 1]).Sample((waits, attempts, chance) =>
            Assert.Equal(attempts > waits.Length, new RetrySchedule(waits).After(attempts, chance) is null));

    [Fact]
    public void The_default_schedule_makes_eleven_attempts_over_about_two_days()
    {
        TimeSpan[] waits = new DeliveryOptions().RetrySchedule;

        Assert.Equal(10, waits.Length);
        Assert.Equal(waits.Order(), waits);
        Assert.InRange(waits.Aggregate((sum, wait) => sum + wait), TimeSpan.FromHours(46), TimeSpan.FromHours(48));
    }
}
