using CsCheck;
using Nyala.Server.Delivery;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>When the breaker opens, probes, closes and gives up: decisions without a clock.</summary>
public sealed class BreakerRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 27, 17, 45, 6, TimeSpan.Zero);
    private static readonly DeliveryOptions Options = new();
    private static readonly Breaker Breaker = new(Options);

    private static readonly Gen<AttemptOutcome> Outcomes = Gen.OneOf(
        Gen.Const(SomeOutcome.Judged(Now, Judgement.Accepted)),
        Gen.Int[0, 200_000].Select(asked => SomeOutcome.Judged(Now, Judgement.TryAgain("x", TimeSpan.FromSeconds(asked)))),
        Gen.Const(SomeOutcome.Judged(Now, Judgement.TryAgain("x"))),
        Gen.Const(SomeOutcome.Judged(Now, Judgement.Refused("x"))),
        Gen.Const(SomeOutcome.Judged(Now, Judgement.HookGone("x", "y"))),
        Gen.Const(SomeOutcome.Unanswered(Now)),
        Gen.Const(SomeOutcome.OurFault(Now)));

    [Fact]
    public void The_breaker_opens_for_thirty_seconds_at_the_fifth_failure_in_a_row()
    {
        HookHealth health = default;
        for (int failure = 1; failure <= 4; failure++)
        {
            health = Fail(health);
            Assert.False(Breaker.IsOpen(health));
            Assert.Null(health.HeldUntil);
        }

        health = Fail(health);

        Assert.True(Breaker.IsOpen(health));
        Assert.Equal(new HookHealth(5, Now, Now.AddSeconds(30), 0), health);
    }

    [Fact]
    public void Attempts_in_flight_when_the_breaker_opens_do_not_delay_the_probe()
    {
        HookHealth open = Opened();

        HookHealth after = Breaker.After(open, Answer(500), default, probe: false, Now.AddSeconds(9));

        Assert.Equal(open with { Failures = 6 }, after);
    }

    [Fact]
    public void Each_failed_probe_doubles_the_wait_up_to_an_hour()
    {
        HookHealth health = Opened();
        var waits = new List<TimeSpan>();
        for (int probe = 1; probe <= 9; probe++)
        {
            health = Breaker.After(health, Answer(500), default, probe: true, Now);
            waits.Add(health.HeldUntil!.Value - Now);
        }

        Assert.Equal([60, 120, 240, 480, 960, 1920, 3600, 3600, 3600], waits.Select(wait => wait.TotalSeconds));
    }

    [Theory]
    [InlineData(429, 300, 300)]
    [InlineData(503, 300, 300)]
    [InlineData(503, 10, 30)]
    [InlineData(500, 300, 30)]
    public void A_probe_waits_for_the_Retry_After_of_a_429_or_503(int status, int asked, int waits)
    {
        AttemptOutcome outcome = SomeOutcome.Answered(Now, status, asked);

        HookHealth health = Breaker.After(new HookHealth(4, Now, null, 0), outcome, default, probe: false, Now);

        Assert.Equal(Now.AddSeconds(waits), health.HeldUntil);
    }

    [Fact]
    public void One_success_makes_a_hook_healthy() => Assert.Equal(default, Breaker.After(Opened(), Answer(200), default, probe: true, Now));

    [Fact]
    public void A_fault_of_the_server_counts_as_no_failure_and_holds_for_a_second()
    {
        AttemptOutcome fault = SomeOutcome.OurFault(Now);

        Assert.Equal(new HookHealth(0, null, Now.AddSeconds(1), 0), Breaker.After(default, fault, default, probe: false, Now));
        Assert.Equal(Opened(), Breaker.After(Opened(), fault, default, probe: false, Now));
        Assert.Equal(Opened() with { HeldUntil = Now.AddSeconds(41) }, Breaker.After(Opened(), fault, default, probe: true, Now.AddSeconds(40)));
    }

    [Fact]
    public void A_verdict_with_a_hold_holds_the_hook_until_the_end_of_the_hold()
    {
        var verdict = new Verdict(DeliveryState.Pending, Now, Spent: true, Hold: Now.AddSeconds(7));

        Assert.Equal(new HookHealth(1, Now, Now.AddSeconds(7), 0), Breaker.After(default, Answer(500), verdict, probe: false, Now));
    }

    [Fact]
    public void ShouldDisable_returns_true_after_five_days_of_failures()
    {
        var failing = new HookHealth(99, Now, null, 0);

        Assert.False(Breaker.ShouldDisable(default, DateTimeOffset.MaxValue));
        Assert.False(Breaker.ShouldDisable(failing, Now.AddDays(5).AddTicks(-1)));
        Assert.True(Breaker.ShouldDisable(failing, Now.AddDays(5)));
    }

    /// <summary>Holds for any outcomes at any times.</summary>
    [Fact]
    public void Any_sequence_of_outcomes_keeps_the_breaker_within_its_bounds() =>
        Gen.Select(Outcomes, Gen.Int[0, 100_000], Gen.Bool)
            .List[0, 60].Sample(steps =>
            {
                DateTimeOffset now = Now;
                HookHealth health = default;
                foreach ((AttemptOutcome outcome, int seconds, bool straggler) in steps)
                {
                    now = now.AddSeconds(seconds);
                    bool probe = Breaker.IsOpen(health) && !straggler;
                    HookHealth before = health;
                    health = Breaker.After(before, outcome, default, probe, now);

                    Assert.Equal(health.Failures == 0, health.FailingSince is null);
                    Assert.True(health.FailingSince is null || health.FailingSince <= now);
                    Assert.True(health.HeldUntil is null || health.HeldUntil <= now + TimeSpan.FromHours(24) || health.HeldUntil == before.HeldUntil);
                    Assert.True(!Breaker.IsOpen(health) || health.HeldUntil is not null);
                    Assert.Equal(outcome.Disposition == Disposition.Accepted, health == default);
                    Assert.Equal(outcome.Succeeded ? 0 : outcome.Kind == OutcomeKind.OurFault ? before.Failures : before.Failures + 1, health.Failures);
                    Assert.True(!probe || outcome.Succeeded || health.HeldUntil > now);
                }
            });

    private static HookHealth Opened() => new(5, Now, Now.AddSeconds(30), 0);

    private static HookHealth Fail(HookHealth health) => Breaker.After(health, Answer(500), default, probe: false, Now);

    private static AttemptOutcome Answer(int status) => SomeOutcome.Answered(Now, status);
}
