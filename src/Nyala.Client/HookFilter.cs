using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>
/// Which events of its type a hook gets. An event must match every field that is given, and matches a field if it matches one of its values. In site, branch
/// and author, <c>*</c> matches any number of characters. An event that does not have a field matches none of its values. A field can have at most 50 values
/// of at most 200 characters. A filter that no event could match is refused.
/// </summary>
public sealed record HookFilter
{
    /// <summary>The maximum number of filters of a hook.</summary>
    internal const int MaxOfHook = 10;

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
    /// How the result of a deployment compares with the site's previous deployment: <c>broke</c> (it failed, and the previous one did not fail or does not
    /// exist), <c>fixed</c> (it succeeded after a failure) or <c>still_failing</c> (it failed after a failure). Only the <c>PostDeployment</c> events of the
    /// server itself have this field.
    /// </summary>
    [JsonPropertyName("change"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Change { get; init; }
}
