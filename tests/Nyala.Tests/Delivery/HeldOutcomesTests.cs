using Nyala.Server.Delivery;
using Nyala.Server.Outbound;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>The outcomes that wait to be written are limited, so that a full disk does not also fill the memory.</summary>
public sealed class HeldOutcomesTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 27, 17, 45, 6, TimeSpan.Zero);

    private readonly HeldOutcomes _held = new();

    [Fact]
    public void RoomAsync_does_not_wait_below_the_limit()
    {
        Hold(HeldOutcomes.MaxCount - 1, bodyBytes: 0);

        Assert.True(_held.RoomAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(HeldOutcomes.MaxCount, 0)]
    [InlineData(64, 1024 * 1024)]
    public async Task RoomAsync_waits_at_the_limit_until_an_outcome_is_removed(int count, int bodyBytes)
    {
        IReadOnlyList<LaneOutcome> held = Hold(count, bodyBytes);
        Task room = _held.RoomAsync(CancellationToken.None).AsTask();
        Assert.False(room.IsCompleted);

        _held.Remove([held[0]]);

        await room.InTimeAsync();
        Assert.Equal(count - 1, _held.Count);
        _held.Remove([.. held.Skip(1)]);
        Assert.Equal((0, 0), (_held.Count, _held.Bytes));
    }

    [Fact]
    public void The_size_of_an_outcome_includes_the_rendered_body_that_waits_to_be_stored()
    {
        LaneOutcome own = Hold(1, bodyBytes: 10)[0];

        Assert.Equal(own.Size + 5000, (own with { Rendered = new RenderedBody("text/plain", new byte[5000]) }).Size);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait_for_room()
    {
        Hold(HeldOutcomes.MaxCount, bodyBytes: 0);
        using var stop = new CancellationTokenSource();
        Task room = _held.RoomAsync(stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => room);
    }

    private List<LaneOutcome> Hold(int count, int bodyBytes)
    {
        byte[] body = new byte[bodyBytes];
        AttemptOutcome outcome = SomeOutcome.Answered(Now, 200);
        List<LaneOutcome> held = [.. Enumerable.Range(0, count).Select(id => new LaneOutcome(
            null!, 1, 1, Some.Due(id, body), outcome, default, default))];
        held.ForEach(_held.Add);
        return held;
    }
}
