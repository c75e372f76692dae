using System.Text.Json;
using Nyala.Client.Json;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>The last lines of a deployment's log, as events include them.</summary>
internal static class LogTail
{
    private const int MaxLine = 1000;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = NyalaJson.Wire.Options.Encoder };

    /// <summary>Returns the last lines as a JSON array of strings. Long lines are cut.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="run">The run.</param>
    /// <param name="details">Lines that the log is about to get; null for none.</param>
    /// <param name="lines">The maximum number of lines.</param>
    public static string Of(ITables tables, long run, string? details, int lines)
    {
        // An entry of the log may have several lines.
        string[] last = [.. RunLogs.SplitLines(details ?? "").TakeLast(lines)];
        IEnumerable<string> all = tables.Log.ReadLast(run, lines - last.Length).SelectMany(RunLogs.SplitLines).Concat(last).TakeLast(lines);
        return JsonSerializer.Serialize(all.Select(Cut), Readable);
    }

    private static string Cut(string line) =>
        line.Length <= MaxLine ? line : line[..(char.IsHighSurrogate(line[MaxLine - 2]) ? MaxLine - 2 : MaxLine - 1)] + "…";
}
