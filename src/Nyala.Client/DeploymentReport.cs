using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>
/// What a deployer says of a deployment: that a run has begun, how far it is, or how it ended. The first report of a
/// run needs <see cref="Message"/>, <see cref="Deployer"/> and <see cref="Author"/>; later ones repeat only what changes.
/// </summary>
public sealed record DeploymentReport
{
    /// <summary>How far the run has come; <see cref="DeploymentStatus.Failed"/> and <see cref="DeploymentStatus.Success"/> end it.</summary>
    [JsonPropertyName("status")]
    public required DeploymentStatus Status { get; init; }

    /// <summary>The status in words, or why it failed.</summary>
    [JsonPropertyName("status_text"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StatusText { get; init; }

    /// <summary>What the deployment brings, usually the commit's message.</summary>
    [JsonPropertyName("message"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }

    /// <summary>Who or what deploys.</summary>
    [JsonPropertyName("deployer"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Deployer { get; init; }

    /// <summary>Who wrote what is deployed.</summary>
    [JsonPropertyName("author"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Author { get; init; }

    /// <summary>The author's e-mail address.</summary>
    [JsonPropertyName("author_email"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AuthorEmail { get; init; }

    /// <summary>What the run is doing now.</summary>
    [JsonPropertyName("progress"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Progress { get; init; }

    /// <summary>When the run began; when the first report came, where null.</summary>
    [JsonPropertyName("start_time"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When the run ended; when the report of its end came, where null.</summary>
    [JsonPropertyName("end_time"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>Whether the site runs this deployment from now on; true on success, where null.</summary>
    [JsonPropertyName("active"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Active { get; init; }

    /// <summary>Text for the deployment's log.</summary>
    [JsonPropertyName("details"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Details { get; init; }

    /// <summary>The branch that is deployed.</summary>
    [JsonPropertyName("branch"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Branch { get; init; }

    /// <summary>
    /// The reporter's own key for this run, at most 128 characters. The same key again is the same run, a new key on an
    /// ended deployment begins a new one.
    /// </summary>
    [JsonPropertyName("run"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Run { get; init; }

    /// <summary>
    /// After how many seconds without any report or log line the run is given up as failed, 10 to 604 800; the server's
    /// <c>Deployments:SilentAfter</c>, where null.
    /// </summary>
    [JsonPropertyName("silent_after"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SilentAfter { get; init; }
}
