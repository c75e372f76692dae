using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>
/// Which events of its type a hook gets. An event must match every field that is given, by any one of its values. In
/// site, branch and author, <c>*</c> stands for any number of characters. An event without a field matches no
/// value of it. At most 50 values for each field, 200 characters each. A filter that no event could match is refused.
/// </summary>
public sealed record HookFilter
{
    /// <summary>The status of the deployment: <c>pending</c>, <c>building</c>, <c>deploying</c>, <c>failed</c>, <c>success</c>.</summary>
    [JsonPropertyName("status"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Status { get; init; }

    /// <summary>The site, case-insensitive.</summary>
    [JsonPropertyName("site"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Site { get; init; }

    /// <summary>The branch, case-sensitive, as in git.</summary>
    [JsonPropertyName("branch"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Branch { get; init; }

    /// <summary>The author's name, case-insensitive.</summary>
    [JsonPropertyName("author"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Author { get; init; }

    /// <summary>
    /// What the end of a deployment changes at its site: <c>broke</c> (it failed, and the previous one had not, or there was none),
    /// <c>fixed</c> (it succeeded after a failure), <c>still_failing</c> (it failed after a failure). Only the server's
    /// own <c>PostDeployment</c> has it.
    /// </summary>
    [JsonPropertyName("change"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Change { get; init; }
}
