using System.Text.Json;
using System.Text.Json.Serialization;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Spool;

/// <summary>A report about a run as it is stored on disk: either a status report or lines of the log, never both. It does not contain the token.</summary>
internal sealed record SpooledReport
{
    /// <summary>The version of the file format, so that an older program does not misread a newer program's file.</summary>
    [JsonPropertyName("form")]
    public int Form { get; init; } = 1;

    [JsonPropertyName("site")]
    public string? Site { get; init; }

    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("run")]
    public required string Run { get; init; }

    /// <summary>A <see cref="DeploymentReport"/> in the JSON of the API.</summary>
    [JsonPropertyName("report"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Report { get; init; }

    /// <summary>Log lines in the JSON of the API.</summary>
    [JsonPropertyName("lines"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Lines { get; init; }

    /// <summary>The deployment that the report is about. Reports about the same deployment are sent in order.</summary>
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

    /// <summary>Parses the bytes of a file; returns null if they are not a report in this format.</summary>
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

    /// <summary>Sends the report. It does not wait until the webhooks for the end of a run are sent.</summary>
    /// <returns>Whether the report created its site.</returns>
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

    /// <summary>A description of the report for a list.</summary>
    public string Kind => Lines is { } lines ? $"log, {lines.GetArrayLength()} lines"
        : Report!.Value.TryGetProperty("status", out JsonElement status) && status.TryGetInt32(out int number)
            ? ((DeploymentStatus)number).ToString().ToLowerInvariant()
            : "report";
}

[JsonSerializable(typeof(SpooledReport))]
internal sealed partial class SpoolJson : JsonSerializerContext;
