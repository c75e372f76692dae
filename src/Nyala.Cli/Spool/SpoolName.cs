using System.Globalization;

namespace Nyala.Cli.Spool;

/// <summary>
/// The file name of a spooled report: its time in ticks as 19 digits, then the key of its run. Names therefore sort by time, and two processes never choose the
/// same name.
/// </summary>
internal static class SpoolName
{
    public const string Extension = ".json";

    /// <summary>Returns the name of a run's next report. The reports of a run keep their order even if the clock is set back.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="run">The run's key, 32 hex digits.</param>
    /// <param name="last">The ticks of this run's previous report; 0 for the first report.</param>
    public static (string Name, long Ticks) Next(DateTimeOffset now, string run, long last)
    {
        long ticks = Math.Max(now.UtcTicks, last + 1);
        return (string.Create(CultureInfo.InvariantCulture, $"{ticks:D19}-{run}{Extension}"), ticks);
    }

    /// <summary>Returns the time in a name; null if it is not the name of a report.</summary>
    public static DateTimeOffset? TimeOf(string name) =>
        name.Length > 20 && name[19] == '-' && name.EndsWith(Extension, StringComparison.Ordinal)
        && long.TryParse(name.AsSpan(0, 19), NumberStyles.None, CultureInfo.InvariantCulture, out long ticks)
        && ticks <= DateTimeOffset.MaxValue.Ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;

    /// <summary>Returns the key of the run in a name.</summary>
    public static string RunOf(string name) => name[20..^Extension.Length];
}
