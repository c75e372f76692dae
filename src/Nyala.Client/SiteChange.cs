using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>What to change of a site. What is left out stays as it is. A site's name never changes.</summary>
public sealed record SiteChange
{
    /// <inheritdoc cref="SiteRequest.Branch"/>
    [JsonPropertyName("branch"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Branch { get; init; }

    /// <inheritdoc cref="SiteRequest.Command"/>
    [JsonPropertyName("command"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Command { get; init; }

    /// <inheritdoc cref="SiteRequest.Keep"/>
    [JsonPropertyName("keep"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Keep { get; init; }

    /// <inheritdoc cref="SiteRequest.Host"/>
    [JsonPropertyName("host"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Host { get; init; }

    /// <summary>The wire's names of the fields that are sent as null, and so go back to what they are without a choice: <c>command</c>, for example, to none.</summary>
    [JsonIgnore]
    public IReadOnlyCollection<string> Reset { get; init; } = [];
}
