using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>A change of a site. Properties that are not set keep their values. The name cannot change.</summary>
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

    /// <summary>The JSON names of fields to reset to their defaults, for example <c>command</c> to none.</summary>
    [JsonIgnore]
    public IReadOnlyCollection<string> Reset { get; init; } = [];
}
