namespace Nyala.EndToEnd.Support;

/// <summary>Retry schedules for receivers that come up soon.</summary>
internal static class Schedule
{
    /// <summary>Twice a second for as long as a schedule may be, so that even on a busy machine it is not used up.</summary>
    public static string Short { get; } = string.Join(',', Enumerable.Repeat("500ms", 50));

    /// <summary>For receivers that are there and fail now and then.</summary>
    public static string Shortest { get; } = string.Join(',', Enumerable.Repeat("100ms", 50));
}
