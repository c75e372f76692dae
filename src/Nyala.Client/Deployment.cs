using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>A deployment, by its newest run: Kudu's fields in Kudu's order, then Nyala's own.</summary>
public sealed record Deployment
{
    /// <summary>The id of the deployment within its site, usually a commit id.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>The status of the run.</summary>
    [JsonPropertyName("status")]
    public DeploymentStatus Status { get; init; }

    /// <summary>The status in words, or why the run failed; empty if the reporter said nothing.</summary>
    [JsonPropertyName("status_text")]
    public string StatusText { get; init; } = "";

    /// <summary>The author's e-mail address; empty if unknown.</summary>
    [JsonPropertyName("author_email")]
    public string AuthorEmail { get; init; } = "";

    /// <summary>The author of the deployed commit or files.</summary>
    [JsonPropertyName("author")]
    public string Author { get; init; } = "";

    /// <summary>The person or system that deploys.</summary>
    [JsonPropertyName("deployer")]
    public string Deployer { get; init; } = "";

    /// <summary>A description of the deployment, usually the commit message.</summary>
    [JsonPropertyName("message")]
    public string Message { get; init; } = "";

    /// <summary>The current step; empty once it has ended.</summary>
    [JsonPropertyName("progress")]
    public string Progress { get; init; } = "";

    /// <summary>When the server received the first report of this run, UTC.</summary>
    [JsonPropertyName("received_time"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset ReceivedTime { get; init; }

    /// <summary>When it began, UTC.</summary>
    [JsonPropertyName("start_time"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset StartTime { get; init; }

    /// <summary>When it ended, UTC; null while it runs.</summary>
    [JsonPropertyName("end_time"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>When a deployment of the site last succeeded, as of the last report of this run, UTC; null if none has succeeded.</summary>
    [JsonPropertyName("last_success_end_time"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? LastSuccessEndTime { get; init; }

    /// <summary>True once it has ended.</summary>
    [JsonPropertyName("complete")]
    public bool Complete { get; init; }

    /// <summary>True if it is the active deployment of its site.</summary>
    [JsonPropertyName("active")]
    public bool Active { get; init; }

    /// <summary>Always false: Nyala has no temporary deployments.</summary>
    [JsonPropertyName("is_temp")]
    public bool IsTemporary { get; init; }

    /// <summary>Always false: a deployment's record may be removed.</summary>
    [JsonPropertyName("is_readonly")]
    public bool IsReadOnly { get; init; }

    /// <summary>The URL of this deployment.</summary>
    [JsonPropertyName("url")]
    public string Url { get; init; } = "";

    /// <summary>The URL of its log.</summary>
    [JsonPropertyName("log_url")]
    public string LogUrl { get; init; } = "";

    /// <summary>The site that the deployment belongs to.</summary>
    [JsonPropertyName("site_name")]
    public string SiteName { get; init; } = "";

    /// <summary><c>InProgress</c>, <c>Failed</c> or <c>Succeeded</c>.</summary>
    [JsonPropertyName("provisioningState")]
    public string ProvisioningState { get; init; } = "InProgress";

    /// <summary>The number of the run of this deployment, from 1. A retry, a rollback and a redeploy are runs.</summary>
    [JsonPropertyName("run")]
    public int Run { get; init; } = 1;

    /// <summary>The branch that is deployed; null if unknown.</summary>
    [JsonPropertyName("branch")]
    public string? Branch { get; init; }

    /// <summary>Whether the report that returned this deployment created the site.</summary>
    [JsonIgnore]
    public bool SiteIsNew { get; init; }
}
