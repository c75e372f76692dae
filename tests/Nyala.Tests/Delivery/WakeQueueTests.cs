using CsCheck;
using Nyala.Server.Delivery;

namespace Nyala.Tests.Delivery;

public sealed class WakeQueueTests
{
    [Fact]
    public void A_hook_that_is_added_while_it_is_queued_is_taken_only_once() =>
        Gen.Select(Gen.Long[1, 20], Gen.Long[0, 5], Gen.Bool).Array[0, 200].Sample(steps =>
        {
            var queue = new WakeQueue();
            var waiting = new HashSet<long>();
            foreach ((long hook, long cause, bool take) in steps)
            {
                if (take)
                {
                    Assert.Equal(waiting.Count > 0, queue.TryTake(out long taken));
                    Assert.True(waiting.Remove(taken) || taken == 0);
                }
                else
                {
                    Assert.Equal(waiting.Add(hook), queue.Add(hook, cause));
                }
            }

            while (queue.TryTake(out long hook))
            {
                Assert.True(waiting.Remove(hook));
            }

            Assert.Empty(waiting);
        });

    [Fact]
    public void Causes_take_turns_and_keep_the_order_of_their_hooks() =>
        Gen.Int[1, 30].Array[1, 6].Sample(counts =>
        {
            var queue = new WakeQueue();
            for (int cause = 0; cause < counts.Length; cause++)
            {
                for (int i = 0; i < counts[cause]; i++)
                {
                    queue.Add((cause * 1000) + i, cause);
                }
            }

            IEnumerable<long> expected = Enumerable.Range(0, counts.Max())
                .SelectMany(i => Enumerable.Range(0, counts.Length).Where(cause => i < counts[cause]).Select(cause => (cause * 1000L) + i));
            foreach (long hook in expected)
            {
                Assert.True(queue.TryTake(out long taken));
                Assert.Equal(hook, taken);
            }

            Assert.False(queue.TryTake(out _));
        });
}
