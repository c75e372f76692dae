using CsCheck;
using Nyala.Server.Delivery;
using Nyala.Server.Events;
using Nyala.Server.Storage;

namespace Nyala.Tests.Delivery;

public sealed class FirstAttemptsTests
{
    private const long Event = 1;

    [Fact]
    public void The_wait_ends_once_every_delivery_is_settled_or_its_hook_is_released() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[0, 20], Gen.Bool.Array[20], Gen.Shuffle(Enumerable.Range(0, 20).ToArray())).Sample((count, before, release, order) =>
        {
            var attempts = new FirstAttempts(TimeProvider.System, new LocalChangeFeed());
            using IFirstAttempts waiter = attempts.Expect(Event);
            int[] ends = [.. order.Where(number => number < count)];
            Array.ForEach(ends[..Math.Min(before, count)], End);

            Task wait = waiter.WaitAsync(Enumerable.Range(0, count).Select(number => new AwaitedDelivery(number, Hook(number))), Timeout.InfiniteTimeSpan, CancellationToken.None);
            foreach (int number in ends[Math.Min(before, count)..])
            {
                Assert.False(wait.IsCompleted);
                End(number);
                End(number);
            }

            return wait.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

            void End(int number)
            {
                if (release[number])
                {
                    attempts.Release(Hook(number));
                }
                else
                {
                    attempts.Settle([(Event, number)]);
                }
            }
        });

    private static long Hook(int number) => 1000 + number;
}
