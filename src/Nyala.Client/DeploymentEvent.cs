using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>
/// The body of <see cref="EventTypes.PostDeployment"/> and <see cref="EventTypes.DeploymentStarted"/>: Kudu's fields in
/// Kudu's order, then Nyala's own. It contains no null: unknown values are empty or absent.
/// </summary>
public sealed record DeploymentEvent
{
    /// <summary>The id of the deployment within its site, usually a commit id.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary><c>success</c> or <c>failed</c>; <c>pending</c>, <c>building</c> or <c>deploying</c> while it runs.</summary>
    [JsonPropertyName("status")]
    public required string Status { get; init; }

    /// <summary>The status in words, or why it failed.</summary>
    [JsonPropertyName("statusText")]
    public string StatusText { get; init; } = "";

    /// <summary>The author's e-mail address.</summary>
    [JsonPropertyName("authorEmail")]
    public string AuthorEmail { get; init; } = "";

    /// <summary>The author of the deployed commit or files.</summary>
    [JsonPropertyName("author")]
    public string Author { get; init; } = "";

    /// <summary>A description of the deployment, usually the commit message.</summary>
    [JsonPropertyName("message")]
    public string Message { get; init; } = "";

    /// <summary>The current step.</summary>
    [JsonPropertyName("progress")]
    public string Progress { get; init; } = "";

    /// <summary>The person or system that deploys.</summary>
    [JsonPropertyName("deployer")]
    public string Deployer { get; init; } = "";

    /// <summary>When the server received the first report of this run, UTC.</summary>
    [JsonPropertyName("receivedTime"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset ReceivedTime { get; init; }

    /// <summary>When it began, UTC.</summary>
    [JsonPropertyName("startTime"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset StartTime { get; init; }

    /// <summary>When it ended, UTC; absent while it runs.</summary>
    [JsonPropertyName("endTime"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>When a deployment of the site last succeeded, including this one, UTC; absent if none has succeeded.</summary>
    [JsonPropertyName("lastSuccessEndTime"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? LastSuccessEndTime { get; init; }

    /// <summary>True once it has ended.</summary>
    [JsonPropertyName("complete")]
    public bool Complete { get; init; }

    /// <summary>True for a temporary deployment, otherwise absent.</summary>
    [JsonPropertyName("isTemporary"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsTemporary { get; init; }

    /// <summary>True for a deployment that cannot be removed, otherwise absent.</summary>
    [JsonPropertyName("isReadOnly"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsReadOnly { get; init; }

    /// <summary>The site that the deployment belongs to.</summary>
    [JsonPropertyName("siteName")]
    public string SiteName { get; init; } = "";

    /// <summary>The host name of the site.</summary>
    [JsonPropertyName("hostName")]
    public string HostName { get; init; } = "";

    /// <summary>The branch that is deployed; empty if unknown.</summary>
    [JsonPropertyName("branch")]
    public string Branch { get; init; } = "";

    /// <summary>The number of the run of this deployment, from 1.</summary>
    [JsonPropertyName("run")]
    public int Run { get; init; } = 1;

    /// <summary>
    /// How the result differs from that of the site's previous deployment: <c>broke</c>, <c>fixed</c> or <c>still_failing</c>. Absent while the deployment runs, and
    /// if a success follows no failure.
    /// </summary>
    [JsonPropertyName("change"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Change { get; init; }

    /// <summary>The absolute URL of the deployment at the server; absent if the server does not know its public URL.</summary>
    [JsonPropertyName("url"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Url { get; init; }
}
