using System.Globalization;

namespace Nyala.Cli.Output;

/// <summary>Formats durations, sizes and times for people.</summary>
internal static class Display
{
    /// <summary>
    /// Formats a duration: <c>40 ms</c>, <c>1.4 s</c>, <c>12 s</c>, <c>3 m 5 s</c>, <c>2 h 10 m</c>. Returns an empty string if it is negative.
    /// </summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 0 } => "",
        { TotalSeconds: < 1 } => $"{(int)time.TotalMilliseconds} ms",
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s"),
        { TotalMinutes: < 1 } => $"{time.Seconds} s",
        { TotalHours: < 1 } => $"{time.Minutes} m {time.Seconds} s",
        _ => $"{(int)time.TotalHours} h {time.Minutes} m",
    };

    /// <summary>Formats a size, such as <c>512 bytes</c> or <c>3.4 MiB</c>.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} bytes",
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        < 1024 * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024:0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024 / 1024:0.##} GiB"),
    };

    /// <summary>Formats a time in UTC, to the second. Returns an empty string for null.</summary>
    public static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";
}
