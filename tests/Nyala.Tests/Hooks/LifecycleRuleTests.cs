using Nyala.Server.Hooks;
using Nyala.Server.Storage;

namespace Nyala.Tests.Hooks;

public sealed class LifecycleRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 27, 17, 45, 6, TimeSpan.Zero);

    [Theory]
    [InlineData("Pause", "Active", "Paused")]
    [InlineData("Pause", "Paused", "Paused")]
    [InlineData("Pause", "Disabled", null)]
    [InlineData("Pause", "Gone", null)]
    [InlineData("Resume", "Active", "Active")]
    [InlineData("Resume", "Paused", "Active")]
    [InlineData("Resume", "Disabled", null)]
    [InlineData("Resume", "Gone", null)]
    [InlineData("Enable", "Active", "Active")]
    [InlineData("Enable", "Paused", null)]
    [InlineData("Enable", "Disabled", "Active")]
    [InlineData("Enable", "Gone", null)]
    [InlineData("Restore", "Active", "Active")]
    [InlineData("Restore", "Paused", null)]
    [InlineData("Restore", "Disabled", null)]
    [InlineData("Restore", "Gone", "Active")]
    public void Pause_resume_enable_and_restore_are_refused_in_states_they_do_not_apply_to(string verb, string state, string? to)
    {
        HookState from = Enum.Parse<HookState>(state);

        LifecycleVerdict verdict = LifecycleRule.Judge(Enum.Parse<LifecycleVerb>(verb), from, Now.AddDays(-1), Now);

        Assert.Equal(to ?? state, verdict.State.ToString());
        Assert.Equal(to is null, verdict.Refusal is not null);
        Assert.True(verdict.Refusal is null || verdict.Refusal.EndsWith($"{LifecycleRule.NextStep(from)}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_gone_hook_can_be_restored_for_30_days()
    {
        Assert.Null(Restore(Now.AddDays(-30)).Refusal);
        Assert.Null(Restore(null).Refusal);
        Assert.Equal(
            new LifecycleVerdict(HookState.Gone, "The hook has been gone since 2026-01-28, and can only be restored for 30 days. To subscribe its url again, use POST /api/hooks."),
            Restore(Now.AddDays(-30).AddTicks(-1)));

        static LifecycleVerdict Restore(DateTimeOffset? since) => LifecycleRule.Judge(LifecycleVerb.Restore, HookState.Gone, since, Now);
    }
}
