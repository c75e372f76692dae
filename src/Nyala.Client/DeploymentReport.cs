using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>
/// A report about a run: its start, its progress or its end. The first report of a run requires <c>message</c>, <c>deployer</c> and <c>author</c>; later
/// reports need only the values that change.
/// </summary>
public sealed record DeploymentReport
{
    /// <summary>The status of the run; <see cref="DeploymentStatus.Failed"/> and <see cref="DeploymentStatus.Success"/> end it.</summary>
    [JsonPropertyName("status")]
    public required DeploymentStatus Status { get; init; }

    /// <summary>The status in words, or why it failed.</summary>
    [JsonPropertyName("status_text"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StatusText { get; init; }

    /// <summary>A description of the deployment, usually the commit message.</summary>
    [JsonPropertyName("message"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }

    /// <summary>The person or system that deploys.</summary>
    [JsonPropertyName("deployer"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Deployer { get; init; }

    /// <summary>The author of the deployed commit or files.</summary>
    [JsonPropertyName("author"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Author { get; init; }

    /// <summary>The author's e-mail address.</summary>
    [JsonPropertyName("author_email"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AuthorEmail { get; init; }

    /// <summary>The current step of the run.</summary>
    [JsonPropertyName("progress"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Progress { get; init; }

    /// <summary>When the run began; null for the time when the first report arrives.</summary>
    [JsonPropertyName("start_time"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When the run ended; null for the time when the report of its end arrives.</summary>
    [JsonPropertyName("end_time"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>Whether this becomes the active deployment of the site; null for true on success.</summary>
    [JsonPropertyName("active"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Active { get; init; }

    /// <summary>Text to append to the log of the deployment.</summary>
    [JsonPropertyName("details"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Details { get; init; }

    /// <summary>The branch that is deployed.</summary>
    [JsonPropertyName("branch"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Branch { get; init; }

    /// <summary>
    /// A key for this run, at most 128 characters, chosen by the reporter. The same key means the same run; a new key on an
    /// ended deployment starts a new run.
    /// </summary>
    [JsonPropertyName("run"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Run { get; init; }

    /// <summary>
    /// The number of seconds without a report or log line after which the run fails, 10 to 604800; null for the server's <c>Deployments:SilentAfter</c>.
    /// </summary>
    [JsonPropertyName("silent_after"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SilentAfter { get; init; }
}
