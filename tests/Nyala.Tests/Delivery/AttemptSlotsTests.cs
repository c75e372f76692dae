using CsCheck;
using Nyala.Server.Delivery;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

public sealed class AttemptSlotsTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public void Hanging_hooks_leave_slots_for_other_hooks()
    {
        var slots = new AttemptSlots(16);
        AttemptSlots.Share[] hanging = [.. Enumerable.Range(0, 4).Select(_ => new AttemptSlots.Share())];
        foreach (AttemptSlots.Share hook in hanging)
        {
            for (int i = 0; i < 16; i++)
            {
                _ = slots.TakeAsync(hook, first: true, None);
            }
        }

        Assert.Equal(4 + 8, hanging.Sum(hook => hook.InFlight));
        for (int i = 0; i < 4; i++)
        {
            Assert.True(slots.TakeAsync(new AttemptSlots.Share(), first: true, None).IsCompletedSuccessfully);
        }

        Assert.False(slots.TakeAsync(new AttemptSlots.Share(), first: true, None).IsCompleted);
    }

    [Fact]
    public void A_hooks_second_attempt_gets_a_slot_when_its_first_attempt_ends()
    {
        var slots = new AttemptSlots(4);
        var hanging = new AttemptSlots.Share();
        var hook = new AttemptSlots.Share();
        for (int i = 0; i < 3; i++)
        {
            _ = slots.TakeAsync(hanging, first: true, None);
        }

        Assert.True(slots.TakeAsync(hook, first: true, None).IsCompletedSuccessfully);
        Task second = slots.TakeAsync(hook, first: true, None);
        Assert.False(second.IsCompleted);
        slots.Return(hook, first: true);

        Assert.True(second.IsCompletedSuccessfully);
    }

    [Fact]
    public void Retries_take_half_of_the_slots_and_leave_the_rest_for_first_attempts()
    {
        var slots = new AttemptSlots(4);
        Task[] retries = [.. Enumerable.Range(0, 4).Select(_ => slots.TakeAsync(new AttemptSlots.Share(), first: false, None))];

        Assert.Equal(2, retries.Count(retry => retry.IsCompleted));
        Assert.True(slots.TakeAsync(new AttemptSlots.Share(), first: true, None).IsCompletedSuccessfully);
        Assert.True(slots.TakeAsync(new AttemptSlots.Share(), first: true, None).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_canceled_wait_takes_no_slot()
    {
        var slots = new AttemptSlots(2);
        var hook = new AttemptSlots.Share();
        using var cancel = new CancellationTokenSource();
        await slots.TakeAsync(hook, first: true, None);
        await slots.TakeAsync(hook, first: true, None);
        Task waiting = slots.TakeAsync(hook, first: false, cancel.Token);
        Task behind = slots.TakeAsync(hook, first: false, None);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        slots.Return(hook, first: true);

        await behind.InTimeAsync();
        Assert.Equal(2, hook.InFlight);
    }

    /// <summary>For any sequence of takes and returns, no limit is exceeded, and no attempt waits for a slot that it may have.</summary>
    [Fact]
    public void No_limit_is_exceeded_and_no_attempt_waits_for_a_free_slot() =>
        Gen.Select(Gen.Int[2, 9], Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Bool).Array[0, 60]).Sample(
            (limit, steps) =>
            {
                var slots = new AttemptSlots(limit);
                AttemptSlots.Share[] hooks = [.. Enumerable.Range(0, 4).Select(_ => new AttemptSlots.Share())];
                var taken = new List<(int Hook, bool First, Task Slot)>();
                foreach ((int hook, bool take, bool first) in steps)
                {
                    int ended = taken.FindIndex(item => item.Hook == hook && item.First == first && item.Slot.IsCompleted);
                    if (take)
                    {
                        taken.Add((hook, first, slots.TakeAsync(hooks[hook], first, None)));
                    }
                    else if (ended >= 0)
                    {
                        taken.RemoveAt(ended);
                        slots.Return(hooks[hook], first);
                    }

                    int all = hooks.Sum(item => item.InFlight);
                    int beyond = hooks.Sum(item => Math.Max(0, item.InFlight - 1));
                    int retries = taken.Count(item => !item.First && item.Slot.IsCompleted);
                    int half = Math.Max(1, limit / 2);
                    Assert.True(all <= limit && beyond <= half && retries <= half);
                    Assert.DoesNotContain(taken, item => !item.Slot.IsCompleted
                        && all < limit && (hooks[item.Hook].InFlight == 0 || beyond < half) && (item.First || retries < half));
                }
            },
            iter: Fuzz.Cases);
}
