using Microsoft.Extensions.Time.Testing;

namespace Nyala.Tests.Support;

internal static class Clocks
{
    /// <summary>Advances a clock step by step until the task ends. Between the steps, the server has a moment to act.</summary>
    public static async Task<T> AdvanceUntilAsync<T>(this FakeTimeProvider clock, TimeSpan step, Task<T> task)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!task.IsCompleted)
        {
            clock.Advance(step);
            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        return await task.InTimeAsync();
    }
}
