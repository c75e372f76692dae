using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>
/// Which events of its type a hook hears. An event must satisfy every field that is given, by any one of its values. In
/// site, branch and author a <c>*</c> stands for any characters, none included; an event that does not tell a field satisfies no
/// value of it. At most 50 values a field, 200 characters each. A filter that nothing could satisfy is refused.
/// </summary>
public sealed record HookFilter
{
    /// <summary>How the deployment stands: <c>pending</c>, <c>building</c>, <c>deploying</c>, <c>failed</c>, <c>success</c>.</summary>
    [JsonPropertyName("status"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Status { get; init; }

    /// <summary>The site, without regard to case.</summary>
    [JsonPropertyName("site"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Site { get; init; }

    /// <summary>The branch, in its case, as git tells branches apart.</summary>
    [JsonPropertyName("branch"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Branch { get; init; }

    /// <summary>The author's name, without regard to case.</summary>
    [JsonPropertyName("author"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Author { get; init; }

    /// <summary>
    /// What the end of a deployment changes at its site: <c>broke</c> (it failed, and the one before had not, or there was none),
    /// <c>fixed</c> (it went well after one that failed), <c>still_failing</c> (it failed after one that failed). Only the server's
    /// own <c>PostDeployment</c> tells it.
    /// </summary>
    [JsonPropertyName("change"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Change { get; init; }
}
