namespace Nyala.Tests.Support;

/// <summary>Waits for work of other threads. The limit catches a broken product, and is long enough for a slow machine.</summary>
internal static class Signals
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task<T> InTimeAsync<T>(this Task<T> task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task InTimeAsync(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);
}
