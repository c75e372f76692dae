namespace Nyala.EndToEnd.Support;

/// <summary>Retry schedules for receivers that come up soon.</summary>
internal static class Schedule
{
    /// <summary>Two attempts per second, as many as a schedule may have, so that it is not exhausted even on a busy machine.</summary>
    public static string Short { get; } = string.Join(',', Enumerable.Repeat("500ms", 50));

    /// <summary>Ten attempts per second, for receivers that are up and fail now and then.</summary>
    public static string Shortest { get; } = string.Join(',', Enumerable.Repeat("100ms", 50));
}
