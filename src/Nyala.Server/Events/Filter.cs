using System.Text.Json;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Server.Events;

/// <summary>A hook's filter, prepared for matching many events.</summary>
internal sealed class Filter(HookFilter filter)
{
    private readonly DeploymentStatus?[] _statuses = [.. (filter.Status ?? []).Select(FilterValues.Status)];
    private readonly StatusChange?[] _changes = [.. (filter.Change ?? []).Select(FilterValues.Change)];
    private readonly Pattern[] _sites = Patterns(filter.Site, StringComparison.OrdinalIgnoreCase);
    private readonly Pattern[] _branches = Patterns(filter.Branch, StringComparison.Ordinal);
    private readonly Pattern[] _authors = Patterns(filter.Author, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an event matches: each field that is set has a value that matches.</summary>
    public bool Matches(EventFacts facts) =>
        (_statuses.Length == 0 || (facts.Status is { } status && _statuses.Contains(status)))
        && (_changes.Length == 0 || (facts.Change is { } change && _changes.Contains(change)))
        && Matches(_sites, facts.Site)
        && Matches(_branches, facts.Branch)
        && Matches(_authors, facts.Author);

    /// <summary>Parses a stored filter.</summary>
    /// <exception cref="JsonException">The text is not a filter.</exception>
    public static Filter Parse(string json) => new(Read(json));

    /// <summary>Reads a stored filter in the format of the API.</summary>
    /// <exception cref="JsonException">The text is not a filter.</exception>
    public static HookFilter Read(string json) => JsonSerializer.Deserialize(json, NyalaJson.Wire.HookFilter) ?? new HookFilter();

    /// <summary>Reads a stored filter. Returns null if it cannot be read; <see cref="FilterCache"/> treats such a hook as one without a filter.</summary>
    public static HookFilter? TryRead(string json)
    {
        try
        {
            return Read(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Returns the text in which a filter is stored.</summary>
    public static string Write(HookFilter filter) => JsonSerializer.Serialize(filter, NyalaJson.Wire.HookFilter);

    private static bool Matches(Pattern[] patterns, string? value)
    {
        if (patterns.Length == 0)
        {
            return true;
        }

        foreach (Pattern pattern in patterns)
        {
            if (value is not null && pattern.Matches(value))
            {
                return true;
            }
        }

        return false;
    }

    private static Pattern[] Patterns(IReadOnlyList<string>? texts, StringComparison comparison) =>
        [.. (texts ?? []).Select(text => new Pattern(text, comparison))];
}
