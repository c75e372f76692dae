using System.Text.Json;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>The last lines of a deployment's log, as events include them.</summary>
internal static class LogTail
{
    private const int MaxLine = 1000;

    /// <summary>Returns the last lines as a JSON array of strings. Long lines are cut.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="run">The run.</param>
    /// <param name="details">Lines that the log is about to get; null for none.</param>
    /// <param name="lines">The maximum number of lines.</param>
    public static string Of(ITables tables, long run, string? details, int lines)
    {
        string[] last = [.. RunLogs.SplitLines(details ?? "").TakeLast(lines)];
        string[] all = [.. tables.Log.ReadLast(run, lines - last.Length), .. last];
        return JsonSerializer.Serialize(all.Select(line => line.Length <= MaxLine ? line : line[..(char.IsHighSurrogate(line[MaxLine - 2]) ? MaxLine - 2 : MaxLine - 1)] + "…"));
    }
}
