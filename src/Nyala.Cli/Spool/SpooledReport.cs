using System.Text.Json;
using System.Text.Json.Serialization;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Spool;

/// <summary>
/// One thing to tell a server about a run, as it is kept on disk: a report or lines of its log, never both. It holds no
/// token; sending it needs one.
/// </summary>
internal sealed record SpooledReport
{
    /// <summary>The form of the file, so that an older program leaves a newer one's alone.</summary>
    [JsonPropertyName("form")]
    public int Form { get; init; } = 1;

    [JsonPropertyName("site")]
    public string? Site { get; init; }

    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("run")]
    public required string Run { get; init; }

    /// <summary>A <see cref="DeploymentReport"/> in the wire's form.</summary>
    [JsonPropertyName("report"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Report { get; init; }

    /// <summary>Log lines in the wire's form.</summary>
    [JsonPropertyName("lines"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Lines { get; init; }

    /// <summary>What keeps its order: the reports of one deployment, whatever else waits.</summary>
    [JsonIgnore]
    public (string? Site, string Id) Deployment => (Site, Id);

    public static SpooledReport Of(string? site, string id, string run, DeploymentReport report) => new()
    {
        Site = site,
        Id = id,
        Run = run,
        Report = JsonSerializer.SerializeToElement(report, NyalaJson.Wire.DeploymentReport),
    };

    public static SpooledReport Of(string? site, string id, string run, IReadOnlyList<LogLine> lines) => new()
    {
        Site = site,
        Id = id,
        Run = run,
        Lines = JsonSerializer.SerializeToElement(lines, NyalaJson.Wire.IReadOnlyListLogLine),
    };

    /// <summary>Reads a file's bytes; null if they are not a report of this form.</summary>
    public static SpooledReport? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, SpoolJson.Default.SpooledReport) is { Form: 1 } report && (report.Report is null) != (report.Lines is null)
                ? report
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, SpoolJson.Default.SpooledReport);

    /// <summary>Tells the server. The end of a run is not waited out: its hooks are the server's affair.</summary>
    /// <returns>Whether its site came into being by it.</returns>
    public async Task<bool> SendAsync(NyalaClient root, CancellationToken cancellationToken)
    {
        NyalaClient client = root.ForSite(Site);
        if (Report is { } report)
        {
            return (await client.ReportAsync(Id, report.Deserialize(NyalaJson.Wire.DeploymentReport)!, wait: false, cancellationToken)).SiteIsNew;
        }

        await client.AppendLogAsync(Id, Lines!.Value.Deserialize(NyalaJson.Wire.IReadOnlyListLogLine)!, Run, cancellationToken);
        return false;
    }

    /// <summary>What it says, for a list.</summary>
    public string Kind => Lines is { } lines ? $"log, {lines.GetArrayLength()} lines"
        : Report!.Value.TryGetProperty("status", out JsonElement status) && status.TryGetInt32(out int number)
            ? ((DeploymentStatus)number).ToString().ToLowerInvariant()
            : "report";
}

[JsonSerializable(typeof(SpooledReport))]
internal sealed partial class SpoolJson : JsonSerializerContext;
