using Nyala.Server.Delivery;
using Nyala.Server.History;
using Nyala.Server.Hooks;
using Nyala.Server.Storage;

namespace Nyala.Tests.History;

/// <summary>Pure decisions: which deliveries can be resent, when the next attempt is, and how bytes from the wire are shown.</summary>
public sealed class RedeliveryRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 27, 17, 45, 6, TimeSpan.Zero);

    public static TheoryData<string, string?> EachState() => [.. Enum.GetNames<DeliveryState>().SelectMany(
        delivery => Enum.GetNames<HookState>().Append(null).Select(hook => new TheoryDataRow<string, string?>(delivery, hook)))];

    [Theory, MemberData(nameof(EachState))]
    public void Only_an_ended_delivery_of_an_active_hook_can_be_resent_and_never_a_ping(string delivery, string? hook)
    {
        HookRecord? record = hook is null ? null : Hook(Enum.Parse<HookState>(hook));
        bool may = delivery != "Pending" && hook == "Active";

        DeliveryRecord ended = new(1, 1, 1, Enum.Parse<DeliveryState>(delivery), 1, Now, Now, null);
        Assert.Equal(may, RedeliveryRule.Refuse(ended, record) is null);
        Assert.Contains("ping", RedeliveryRule.Refuse(ended with { IsPing = true }, record), StringComparison.Ordinal);
    }

    [Fact]
    public void The_next_attempt_is_when_both_the_delivery_and_the_hook_are_due()
    {
        DeliveryRecord pending = new(1, 1, 1, DeliveryState.Pending, 1, Now, Now, null);

        Assert.Equal(new NextAttempt(Now, null), Of(pending, Hook(HookState.Active)));
        Assert.Equal(new NextAttempt(Now, null), Of(pending, Hook(HookState.Active, Now)));
        Assert.Equal(Now.AddTicks(1), Of(pending, Hook(HookState.Active, Now.AddTicks(1))).Time);
        Assert.NotNull(Of(pending, Hook(HookState.Active, Now.AddTicks(1))).Reason);
        Assert.All([null, Hook(HookState.Paused), Hook(HookState.Disabled), Hook(HookState.Gone)], hook =>
        {
            NextAttempt next = Of(pending, hook);
            Assert.True(next is { Time: null, Reason: not null });
        });
        Assert.Equal(new NextAttempt(null, "Old."), Of(pending with { State = DeliveryState.Failed, Reason = "Old." }, Hook(HookState.Active)));

        static NextAttempt Of(DeliveryRecord delivery, HookRecord? hook) =>
            NextAttempt.Of(delivery, hook, hook is null ? null : HookHold.Of(hook, breakerFailures: 5, Now));
    }

    [Theory]
    [InlineData(new byte[0], false, "", false)]
    [InlineData(new byte[] { 0x61, 0xc3, 0xbc }, false, "aü", false)]
    [InlineData(new byte[] { 0x61, 0xc3 }, false, "YcM=", true)]
    [InlineData(new byte[] { 0x61, 0xc3 }, true, "a", false)]
    [InlineData(new byte[] { 0x61, 0xf0, 0x9f, 0x98 }, true, "a", false)]
    [InlineData(new byte[] { 0xff, 0x61, 0x61, 0x61, 0x61 }, true, "/2FhYWE=", true)]
    public void Bytes_are_shown_as_text_if_they_are_UTF_8_and_otherwise_as_base64(byte[] bytes, bool cut, string text, bool base64) => Assert.Equal((text, base64), WireText.Of(bytes, cut));

    [Theory]
    [InlineData(5, "Content-Length: 6\n", 9, true)]
    [InlineData(9, "Content-Length: 9\n", 9, false)]
    [InlineData(9, "Server: x\n", 9, true)]
    [InlineData(8, null, 9, false)]
    public void A_response_is_cut_if_it_ends_before_its_Content_Length_or_fills_the_limit_without_one(int kept, string? headers, int limit, bool cut) =>
        Assert.Equal(cut, WireText.IsCut(kept, WireText.Headers(headers), limit));

    [Fact]
    public void Headers_are_split_at_the_first_colon() => Assert.Equal(
        [("a", "b: c"), ("d", "")], WireText.Headers("a: b: c\nd: \n")!.Select(header => (header.Name, header.Value)));

    private static HookRecord Hook(HookState state, DateTimeOffset? heldUntil = null) => new()
    {
        Id = 1,
        Event = "*",
        Url = "http://a.example",
        Secret = "",
        State = state,
        Health = new HookHealth(0, null, heldUntil, 0),
    };
}
