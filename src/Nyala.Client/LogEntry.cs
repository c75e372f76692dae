using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>What kind of line a log entry is. The numbers are Kudu's.</summary>
public enum LogEntryType
{
    /// <summary>Plain output.</summary>
    Message = 0,

    /// <summary>A warning.</summary>
    Warning = 1,

    /// <summary>An error.</summary>
    Error = 2,
}

/// <summary>One entry of a deployment's log, as the server tells it.</summary>
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

    /// <summary>What kind of line it is.</summary>
    [JsonPropertyName("type")]
    public LogEntryType Type { get; init; }

    /// <summary>Where the lines below this entry are read; null if it has none.</summary>
    [JsonPropertyName("details_url")]
    public string? DetailsUrl { get; init; }
}

/// <summary>One line to append to the log of a deployment.</summary>
public sealed record LogLine
{
    /// <summary>The text, without its line end.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }

    /// <summary>What kind of line it is.</summary>
    [JsonPropertyName("type")]
    public LogEntryType Type { get; init; }

    /// <summary>When it was written; when the server got it, where null.</summary>
    [JsonPropertyName("log_time"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? LogTime { get; init; }
}
