using System.Globalization;
using CsCheck;
using Nyala.Server.Delivery;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Channels;
using Nyala.Server.Outbound.Channels.Http;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

public sealed class VerdictTests
{
    private static readonly DateTimeOffset Created = new(2026, 2, 27, 17, 45, 6, TimeSpan.Zero);
    private static readonly TimeSpan Life = TimeSpan.FromDays(7);
    private static readonly RetrySchedule Schedule = new(new DeliveryOptions().RetrySchedule);

    private static readonly Gen<TimeSpan?> Waits = Gen.OneOf(Gen.Const((TimeSpan?)null), Gen.Int[0, 999_999_999].Select(seconds => (TimeSpan?)TimeSpan.FromSeconds(seconds)));

    private static readonly Gen<Judgement> Judgements = Gen.Select(Gen.Enum<Disposition>(), Waits, (disposition, wait) => disposition switch
    {
        Disposition.Accepted => Judgement.Accepted,
        Disposition.Refused => Judgement.Refused("x"),
        Disposition.HookGone => Judgement.HookGone("x", "y"),
        _ => Judgement.TryAgain("x", wait),
    });

    private static readonly Gen<AttemptOutcome> Outcomes = Gen.OneOf(
        Judgements.Select(judgement => SomeOutcome.Judged(Created, judgement)),
        Gen.Const(SomeOutcome.Unanswered(Created)),
        Gen.Const(SomeOutcome.OurFault(Created)));

    [Theory]
    [InlineData(200, "Delivered")]
    [InlineData(204, "Delivered")]
    [InlineData(299, "Delivered")]
    [InlineData(301, "Pending")]
    [InlineData(304, "Pending")]
    [InlineData(400, "Pending")]
    [InlineData(401, "Pending")]
    [InlineData(404, "Pending")]
    [InlineData(409, "Pending")]
    [InlineData(410, "Gone")]
    [InlineData(429, "Pending")]
    [InlineData(500, "Pending")]
    [InlineData(503, "Pending")]
    [InlineData(599, "Pending")]
    public void The_status_decides_the_state_of_a_delivery_after_its_first_attempt(int status, string state)
    {
        Verdict verdict = Judge(Answer(status), attempts: 0);

        Assert.Equal((state, true, status == 410), (verdict.State.ToString(), verdict.Spent, verdict.HookGone));
    }

    [Fact]
    public void A_delivery_fails_when_the_last_attempt_of_its_schedule_fails()
    {
        Assert.Equal(DeliveryState.Pending, Judge(Answer(500), attempts: 9).State);
        Assert.Equal(DeliveryState.Failed, Judge(Answer(500), attempts: 10).State);
    }

    [Fact]
    public void A_pending_delivery_is_due_in_the_future_and_within_its_life() =>
        Gen.Select(Outcomes, Gen.Int[0, 20], Gen.Int[0, 400], Gen.Int[0, 8 * 86400], Gen.Double[0, 1]).Sample((outcome, attempts, free, age, chance) =>
        {
            DateTimeOffset now = Created.AddSeconds(age);

            Verdict verdict = Verdict.Judge(outcome, Delivery(attempts, free), ordered: false, now, Schedule, Life, chance);

            if (verdict.State == DeliveryState.Pending)
            {
                Assert.True(verdict.Due > now);
                Assert.True(verdict.Due < Created + Life);
            }
        });

    [Theory]
    [InlineData(429, 3600, 3600)]
    [InlineData(503, 3600, 3600)]
    [InlineData(503, 1, 5)]
    [InlineData(503, 86400, 86400)]
    [InlineData(503, 86401, 86400)]
    [InlineData(429, 999_999_999, 86400)]
    [InlineData(500, 3600, 5)]
    [InlineData(502, 3600, 5)]
    [InlineData(301, 3600, 5)]
    [InlineData(404, 3600, 5)]
    public void Retry_After_lengthens_the_wait_on_429_and_503_up_to_a_day(int status, int asked, int waits)
    {
        AttemptOutcome outcome = SomeOutcome.Answered(Created, status, asked);

        Verdict verdict = Judge(outcome, attempts: 0);

        Assert.Equal((DeliveryState.Pending, Created.AddSeconds(waits)), (verdict.State, verdict.Due));
    }

    [Theory]
    [InlineData(-3600, 5)]
    [InlineData(3600, 3600)]
    [InlineData(90000, 86400)]
    public void Retry_After_may_be_a_date(int seconds, int waits)
    {
        HttpAnswer answer = SomeOutcome.Answer(Created, 503, Created.AddSeconds(seconds).ToString("r", CultureInfo.InvariantCulture));
        var outcome = AttemptOutcome.Of(SendResult.Answered(Created, default, answer), new KuduFormat());

        Assert.Equal(Created.AddSeconds(waits), Judge(outcome, attempts: 0).Due);
    }

    [Fact]
    public void Retry_After_does_not_add_an_attempt_to_the_schedule()
    {
        AttemptOutcome outcome = SomeOutcome.Answered(Created, 503, 60);

        Assert.Equal(DeliveryState.Failed, Judge(outcome, attempts: 10).State);
    }

    [Fact]
    public void A_delivery_fails_now_if_its_retry_would_come_after_its_life()
    {
        DateTimeOffset late = Created + Life - TimeSpan.FromSeconds(3);

        Verdict verdict = Verdict.Judge(Answer(500), Delivery(0, 0), ordered: false, late, Schedule, Life, 0.5);

        Assert.Equal((DeliveryState.Failed, late, true), (verdict.State, verdict.Due, verdict.Spent));
    }

    [Fact]
    public void A_success_counts_however_late_it_is() =>
        Assert.Equal(DeliveryState.Delivered, Verdict.Judge(Answer(200), Delivery(10, 0), ordered: false, Created + (Life * 2), Schedule, Life, 0.5).State);

    [Fact]
    public void A_fault_of_the_server_does_not_use_up_an_attempt() =>
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 295]).Sample((attempts, free) =>
        {
            Verdict verdict = Verdict.Judge(OwnFault(), Delivery(attempts, free), ordered: false, Created, Schedule, Life, 0.5);

            Assert.Equal((DeliveryState.Pending, false), (verdict.State, verdict.Spent));
            Assert.InRange(verdict.Due - Created, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        });

    [Fact]
    public void Faults_of_the_server_are_retried_for_about_a_day()
    {
        DateTimeOffset now = Created;
        int free = 0;
        while (Verdict.Judge(OwnFault(), Delivery(0, free), ordered: false, now, Schedule, Life, 0.5) is { State: DeliveryState.Pending } verdict)
        {
            now = verdict.Due;
            free++;
        }

        Assert.InRange(now - Created, TimeSpan.FromHours(23), TimeSpan.FromHours(25));
    }

    [Fact]
    public void A_disposition_alone_decides_the_state_except_that_retries_run_out() =>
        Gen.Select(Judgements, Gen.Int[0, 20], Gen.Int[0, 8 * 86400], Gen.Bool).Sample((judgement, attempts, age, ordered) =>
        {
            DateTimeOffset now = Created.AddSeconds(age);

            Verdict verdict = Verdict.Judge(SomeOutcome.Judged(Created, judgement), Delivery(attempts, 0), ordered, now, Schedule, Life, 0.5);

            Assert.True(verdict.Spent);
            Assert.Equal(judgement.Disposition == Disposition.HookGone, verdict.HookGone);
            Assert.Contains(verdict.State, judgement.Disposition switch
            {
                Disposition.Accepted => (DeliveryState[])[DeliveryState.Delivered],
                Disposition.HookGone => [DeliveryState.Gone],
                Disposition.Refused => [DeliveryState.Failed],
                _ => attempts < 10 && age < 86400 && judgement.Wait is null ? [DeliveryState.Pending] : [DeliveryState.Pending, DeliveryState.Failed],
            });
        });

    [Fact]
    public void A_410_at_any_attempt_makes_the_delivery_and_its_hook_gone() =>
        Gen.Int[0, 20].Sample(attempts =>
            Assert.Equal((DeliveryState.Gone, true), (Judge(Answer(410), attempts).State, Judge(Answer(410), attempts).HookGone)));

    [Fact]
    public void Any_sequence_of_failures_ends_within_the_life_of_the_delivery() =>
        Gen.Select(Outcomes.Where(outcome => !outcome.Succeeded).Array[1, 20], Gen.Double[0, 1]).Sample((outcomes, chance) =>
        {
            DateTimeOffset now = Created;
            int attempts = 0;
            int free = 0;
            DeliveryState state = DeliveryState.Pending;
            for (int i = 0; state == DeliveryState.Pending; i++)
            {
                Verdict verdict = Verdict.Judge(outcomes[i % outcomes.Length], Delivery(attempts, free), ordered: false, now, Schedule, Life, chance);
                (state, now) = (verdict.State, verdict.Due);
                (attempts, free) = verdict.Spent ? (attempts + 1, free) : (attempts, free + 1);
                Assert.True(i < 400, "Still pending after 400 attempts.");
            }

            Assert.InRange(attempts, 0, 11);
            Assert.True(now < Created + Life);
        });

    private static Verdict Judge(AttemptOutcome outcome, int attempts) => Verdict.Judge(outcome, Delivery(attempts, 0), ordered: false, Created, Schedule, Life, 0.5);

    private static AttemptOutcome Answer(int status) => SomeOutcome.Answered(Created, status);

    private static AttemptOutcome OwnFault() => SomeOutcome.OurFault(Created);

    private static DueDelivery Delivery(int attempts, int free) => Some.Due(1) with { Spent = attempts, Free = free, Due = Created, Begun = Created };
}
