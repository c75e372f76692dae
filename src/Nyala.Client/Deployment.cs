using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>A deployment as the server tells it: its newest run, Kudu's fields in Kudu's order, then Nyala's own.</summary>
public sealed record Deployment
{
    /// <summary>The deployment's name within its site, usually a commit id.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>How far it has come.</summary>
    [JsonPropertyName("status")]
    public DeploymentStatus Status { get; init; }

    /// <summary>The status in words, or why it failed; empty if nothing was said.</summary>
    [JsonPropertyName("status_text")]
    public string StatusText { get; init; } = "";

    /// <summary>The author's e-mail address; empty if unknown.</summary>
    [JsonPropertyName("author_email")]
    public string AuthorEmail { get; init; } = "";

    /// <summary>Who wrote what is deployed.</summary>
    [JsonPropertyName("author")]
    public string Author { get; init; } = "";

    /// <summary>Who or what deploys.</summary>
    [JsonPropertyName("deployer")]
    public string Deployer { get; init; } = "";

    /// <summary>What the deployment brings, usually the commit's message.</summary>
    [JsonPropertyName("message")]
    public string Message { get; init; } = "";

    /// <summary>What it is doing now; empty once it has ended.</summary>
    [JsonPropertyName("progress")]
    public string Progress { get; init; } = "";

    /// <summary>When the server first heard of this run, UTC.</summary>
    [JsonPropertyName("received_time"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset ReceivedTime { get; init; }

    /// <summary>When it began, UTC.</summary>
    [JsonPropertyName("start_time"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset StartTime { get; init; }

    /// <summary>When it ended, UTC; null while it runs.</summary>
    [JsonPropertyName("end_time"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>When the site last ended a deployment well, as known when this one was last reported, UTC; null if it never did.</summary>
    [JsonPropertyName("last_success_end_time"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? LastSuccessEndTime { get; init; }

    /// <summary>True once it has ended.</summary>
    [JsonPropertyName("complete")]
    public bool Complete { get; init; }

    /// <summary>True for the deployment that its site runs now.</summary>
    [JsonPropertyName("active")]
    public bool Active { get; init; }

    /// <summary>Always false: Nyala has no temporary deployments.</summary>
    [JsonPropertyName("is_temp")]
    public bool IsTemporary { get; init; }

    /// <summary>Always false: a deployment's record may be removed.</summary>
    [JsonPropertyName("is_readonly")]
    public bool IsReadOnly { get; init; }

    /// <summary>Where this deployment is read.</summary>
    [JsonPropertyName("url")]
    public string Url { get; init; } = "";

    /// <summary>Where its log is read.</summary>
    [JsonPropertyName("log_url")]
    public string LogUrl { get; init; } = "";

    /// <summary>The site it belongs to.</summary>
    [JsonPropertyName("site_name")]
    public string SiteName { get; init; } = "";

    /// <summary><c>InProgress</c>, <c>Failed</c> or <c>Succeeded</c>.</summary>
    [JsonPropertyName("provisioningState")]
    public string ProvisioningState { get; init; } = "InProgress";

    /// <summary>Which run of this deployment it is, from 1: a retry, a rollback and a redeploy are runs.</summary>
    [JsonPropertyName("run")]
    public int Run { get; init; } = 1;

    /// <summary>The branch that is deployed; null if unknown.</summary>
    [JsonPropertyName("branch")]
    public string? Branch { get; init; }

    /// <summary>Whether the report that this answers has made its site: nobody had named it before.</summary>
    [JsonIgnore]
    public bool SiteIsNew { get; init; }
}
