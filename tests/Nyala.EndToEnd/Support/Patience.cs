using System.Runtime.CompilerServices;

namespace Nyala.EndToEnd.Support;

/// <summary>The time limit for everything that a test waits for. It is long enough for a busy machine, so that only what never comes fails.</summary>
internal static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Waits for a task up to the time limit.</summary>
    public static async Task<T> InTimeAsync<T>(this Task<T> task, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        try
        {
            return await task.WaitAsync(Limit, TimeProvider.System, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Not within {Limit.TotalSeconds} s: {what}");
        }
    }
}
