using System.Globalization;

namespace Nyala.Cli.Spool;

/// <summary>
/// The name of a spooled report's file: its time in ticks, 19 digits, then the key of its run, so that the order of names
/// is the order of time, and two processes never choose the same.
/// </summary>
internal static class SpoolName
{
    public const string Extension = ".json";

    /// <summary>Names the next report of a run. A clock that is set back does not turn the order of one run around.</summary>
    /// <param name="now">The time.</param>
    /// <param name="run">The run's key, 32 hex digits.</param>
    /// <param name="last">The ticks of this run's report before; 0 for the first.</param>
    public static (string Name, long Ticks) Next(DateTimeOffset now, string run, long last)
    {
        long ticks = Math.Max(now.UtcTicks, last + 1);
        return (string.Create(CultureInfo.InvariantCulture, $"{ticks:D19}-{run}{Extension}"), ticks);
    }

    /// <summary>The time in a name; null if it is no such name.</summary>
    public static DateTimeOffset? TimeOf(string name) =>
        name.Length > 20 && name[19] == '-' && name.EndsWith(Extension, StringComparison.Ordinal)
        && long.TryParse(name.AsSpan(0, 19), NumberStyles.None, CultureInfo.InvariantCulture, out long ticks)
        && ticks <= DateTimeOffset.MaxValue.Ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;

    /// <summary>The key of the run in a name.</summary>
    public static string RunOf(string name) => name[20..^Extension.Length];
}
