using Nyala.Server.Hooks;
using Nyala.Server.Storage;

namespace Nyala.Tests.Hooks;

/// <summary>Why the deliveries of a hook are held: a pure decision over its record.</summary>
public sealed class HookHoldTests
{
    private const int BreakerFailures = 5;

    private static readonly DateTimeOffset Now = new(2026, 2, 27, 17, 45, 6, TimeSpan.Zero);
    private static readonly DateTimeOffset Soon = Now.AddSeconds(30);

    [Fact]
    public void A_healthy_hook_is_not_held() => Assert.Null(Of(Hook()));

    [Fact]
    public void A_gone_hook_is_not_held() => Assert.Null(Of(Hook(Failing(5)) with { State = HookState.Gone }));

    [Theory]
    [InlineData(nameof(HookState.Paused), "paused")]
    [InlineData(nameof(HookState.Disabled), "disabled")]
    public void A_paused_or_disabled_hook_is_held_without_an_end(string state, string reason)
    {
        HookHold hold = Of(Hook(Failing(5)) with { State = Enum.Parse<HookState>(state) })!.Value;

        Assert.Equal((reason, null), (hold.Reason, hold.Until));
    }

    [Theory]
    [InlineData(4, false, "own_fault")]
    [InlineData(4, true, "retry")]
    [InlineData(5, false, "breaker")]
    [InlineData(5, true, "breaker")]
    [InlineData(0, true, "own_fault")]
    public void The_failures_of_an_active_hook_decide_the_reason_for_its_hold(int failures, bool ordered, string reason)
    {
        HookHold hold = Of(Hook(Failing(failures)) with { Ordered = ordered })!.Value;

        Assert.Equal((reason, Soon), (hold.Reason, hold.Until));
        Assert.Null(Of(Hook(Failing(failures) with { HeldUntil = Now }) with { Ordered = ordered }));
    }

    [Theory]
    [InlineData(1, 10, 50.0)]
    [InlineData(60, 0.5, 0.5)]
    [InlineData(60, 1.5, null)]
    [InlineData(600, 0, null)]
    public void A_rate_limit_holds_until_the_next_attempt_may_start(int rate, double ago, double? held)
    {
        HookHold? hold = Of(Hook() with { Rate = rate, Last = new LastAttempt("OK", null, Now.AddSeconds(-ago), 1) });

        Assert.Equal(held is null ? null : "rate", hold?.Reason);
        Assert.Equal(held is { } seconds ? Now.AddSeconds(seconds) : null, hold?.Until);
    }

    [Theory]
    [InlineData("telegram", null, 3.0, "The rate limit of the format 'telegram' is 20 attempts per minute.")]
    [InlineData("telegram", 6, 10.0, "The hook's rate limit is 6 attempts per minute.")]
    [InlineData("gotify", null, null, null)]
    [InlineData("of-another-version", null, null, null)]
    public void The_rate_limit_of_a_format_holds_a_hook_that_has_none_of_its_own(string format, int? rate, double? held, string? text)
    {
        HookHold? hold = Of(Hook() with { Format = format, Rate = rate, Last = new LastAttempt("OK", null, Now, 1) });

        Assert.Equal(held is { } seconds ? Now.AddSeconds(seconds) : null, hold?.Until);
        Assert.StartsWith(text ?? "", hold?.Text ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void The_hold_that_lasts_longest_is_returned()
    {
        var last = new LastAttempt("OK", null, Now, 1);

        Assert.Equal("breaker", Of(Hook(Failing(5)) with { Rate = 4, Last = last })!.Value.Reason);
        Assert.Equal("rate", Of(Hook(Failing(5)) with { Rate = 1, Last = last })!.Value.Reason);
    }

    private static HookHold? Of(HookRecord hook) => HookHold.Of(hook, BreakerFailures, Now);

    private static HookHealth Failing(int failures) => new(failures, failures > 0 ? Now : null, Soon, 0);

    private static HookRecord Hook(HookHealth health = default) => new() { Id = 1, Event = "*", Url = "http://a.example/", Secret = "", Health = health };
}
