using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>A change of a hook. Properties that are not set keep their values. The URL and event cannot change: subscribe another hook instead.</summary>
public sealed record HookChange : HookFields
{
    /// <summary>The JSON names of fields to reset to their defaults, for example <c>rate</c> to no limit.</summary>
    [JsonIgnore]
    public IReadOnlyCollection<string> Reset { get; init; } = [];
}
