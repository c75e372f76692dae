using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>A change of a hook. Properties that are null keep their values; see <see cref="Reset"/>. The url and event never change: subscribe another hook.</summary>
public sealed record HookChange : HookFields
{
    /// <summary>The JSON names of fields to reset to their defaults, for example <c>rate</c> to no limit.</summary>
    [JsonIgnore]
    public IReadOnlyCollection<string> Reset { get; init; } = [];
}
