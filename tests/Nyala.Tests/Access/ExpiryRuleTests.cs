using CsCheck;
using Nyala.Server.Access;

namespace Nyala.Tests.Access;

public sealed class ExpiryRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 27, 17, 45, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(90, 20, null, null)]
    [InlineData(90, 14, null, 14)]
    [InlineData(90, 8, 14, null)]
    [InlineData(90, 7, 14, 7)]
    [InlineData(90, 0.5, null, 1)] // After an outage one warning is enough.
    [InlineData(90, 0.5, 1, null)]
    [InlineData(90, 0, 7, null)]
    [InlineData(90, -1, null, null)]
    [InlineData(7, 7, null, null)] // A token that is valid for a week gets no 7-day warning when it is created.
    [InlineData(7, 1, null, 1)]
    [InlineData(0.5, 0.4, null, null)]
    public void A_warning_is_due_14_7_and_1_days_before_a_token_expires(double life, double left, int? warned, int? due) =>
        Assert.Equal(due, ExpiryRule.Due(Now.AddDays(left - life), Now.AddDays(left), warned, Now));

    [Fact]
    public void Each_expiry_warning_is_due_at_most_once_and_in_order() => Gen.Select(Gen.Double[0.1, 100], Gen.Double[0.01, 3].Array[1, 400]).Sample((life, steps) =>
    {
        DateTimeOffset expires = Now.AddDays(life);
        DateTimeOffset at = Now;
        var warnings = new List<int>();
        foreach (double step in steps)
        {
            at += TimeSpan.FromDays(step);
            if (ExpiryRule.Due(Now, expires, warnings.Count == 0 ? null : warnings[^1], at) is { } stage)
            {
                Assert.True(expires - at <= TimeSpan.FromDays(stage) && at < expires);
                warnings.Add(stage);
            }
        }

        Assert.Equal(warnings.Distinct().OrderDescending(), warnings);
    });
}
