using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>The kind of a log entry. The numbers are Kudu's.</summary>
public enum LogEntryType
{
    /// <summary>Plain output.</summary>
    Message = 0,

    /// <summary>A warning.</summary>
    Warning = 1,

    /// <summary>An error.</summary>
    Error = 2,
}

/// <summary>An entry of the log of a deployment.</summary>
public sealed record LogEntry
{
    /// <summary>When it was written, UTC.</summary>
    [JsonPropertyName("log_time"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset LogTime { get; init; }

    /// <summary>Its id within the log.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>The text.</summary>
    [JsonPropertyName("message")]
    public string Message { get; init; } = "";

    /// <summary>The kind of the line.</summary>
    [JsonPropertyName("type")]
    public LogEntryType Type { get; init; }

    /// <summary>The URL of the details of this entry; null if it has none.</summary>
    [JsonPropertyName("details_url")]
    public string? DetailsUrl { get; init; }
}

/// <summary>A line to append to the log of a deployment.</summary>
public sealed record LogLine
{
    /// <summary>The text, without a line end.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }

    /// <summary>The kind of the line.</summary>
    [JsonPropertyName("type")]
    public LogEntryType Type { get; init; }

    /// <summary>When it was written; null for when the server receives it.</summary>
    [JsonPropertyName("log_time"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? LogTime { get; init; }
}
