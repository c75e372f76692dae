using CsCheck;
using Nyala.Server.Delivery;
using Nyala.Server.Outbound;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>How the hooks of one account share its rate.</summary>
public sealed class AccountLimitsTests
{
    private static readonly DateTimeOffset Now = SignalClock.Beginning;

    private readonly AccountLimits _limits = new();

    [Fact]
    public void All_takers_together_stay_within_the_rate_and_accounts_do_not_affect_each_other() =>
        Gen.Select(Gen.Int[1, 600], Gen.Int[0, 2000].Array[1, 300]).Sample((rate, pauses) =>
        {
            var limits = new AccountLimits();
            DateTimeOffset now = Now;
            var starts = new List<DateTimeOffset>();
            foreach (int pause in pauses)
            {
                now = now.AddMilliseconds(pause);

                // Each taker has its own view of the account, as each hook has its own target.
                if (limits.TryTake(new Account("a", rate), now, out DateTimeOffset opens))
                {
                    starts.Add(now);
                }
                else
                {
                    Assert.True(opens > now);
                    Assert.Equal(opens, limits.Opens(new Account("a", rate)));
                }

                Assert.True(limits.Opens(new Account("b", rate)) <= now);
            }

            foreach (DateTimeOffset start in starts)
            {
                Assert.InRange(starts.Count(other => other >= start && other < start.AddMinutes(1)), 1, rate + Math.Max(1, rate / 60));
            }
        });

    [Fact]
    public void A_turn_that_is_returned_can_be_taken_again()
    {
        var account = new Account("a", 1);
        Assert.True(_limits.TryTake(account, Now, out _));
        Assert.False(_limits.TryTake(account, Now, out DateTimeOffset opens));
        Assert.Equal(Now.AddMinutes(1), opens);

        _limits.Return(account);

        Assert.True(_limits.TryTake(account, Now, out _));
        Assert.False(_limits.TryTake(account, Now, out _));
    }

    [Fact]
    public void A_turn_that_is_returned_after_the_rate_changed_has_no_effect()
    {
        Assert.True(_limits.TryTake(new Account("a", 1), Now, out _));
        Assert.True(_limits.TryTake(new Account("a", 60), Now, out _));

        _limits.Return(new Account("a", 1));

        Assert.Equal(Now.AddSeconds(1), _limits.Opens(new Account("a", 60)));
    }

    [Fact]
    public void A_turn_that_is_returned_after_the_account_was_forgotten_has_no_effect()
    {
        var account = new Account("a", 60);
        Assert.True(_limits.TryTake(account, Now, out _));
        for (int i = 0; i < 2000; i++)
        {
            Assert.True(_limits.TryTake(new Account($"other {i}", 60), Now.AddSeconds(1), out _));
        }

        Assert.Equal(DateTimeOffset.MinValue, _limits.Opens(account));

        _limits.Return(account);

        Assert.Equal(DateTimeOffset.MinValue, _limits.Opens(account));
    }

    [Fact]
    public void A_worker_that_finds_no_delivery_takes_no_turn()
    {
        var account = new Account("a", 1);
        var gate = new LaneGate(new Breaker(new DeliveryOptions()), _limits, inFlight: 4);
        gate.Adopt(Some.StoredHook(1), new MemoryTarget(null!, new PlainFormat(), "here") { Account = account }, changed: false);

        Assert.False(gate.TryStart(new Backlog(), Now, out _, out _));

        Assert.True(_limits.TryTake(account, Now, out _));
    }

    [Fact]
    public void A_changed_rate_applies_at_once()
    {
        Assert.True(_limits.TryTake(new Account("a", 1), Now, out _));

        Assert.True(_limits.TryTake(new Account("a", 60), Now, out _));
        Assert.Equal(Now.AddSeconds(1), _limits.Opens(new Account("a", 60)));
    }

    [Fact]
    public void Unused_accounts_are_forgotten_and_used_ones_are_not()
    {
        var busy = new Account("busy", 1);
        int taken = 0;
        for (int i = 0; i < 10_000; i++)
        {
            DateTimeOffset now = Now.AddSeconds(i);
            taken += _limits.TryTake(busy, now, out _) ? 1 : 0;
            _limits.TryTake(new Account($"{i}", 60), now, out _);
        }

        // An account that is forgotten has the limit of a new one.
        Assert.InRange(Enumerable.Range(0, 10_000).Count(i => _limits.Opens(new Account($"{i}", 60)) > DateTimeOffset.MinValue), 1, 1100);
        Assert.Equal(167, taken);
    }
}
