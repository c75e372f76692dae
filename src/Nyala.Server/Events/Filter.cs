using System.Text.Json;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Server.Events;

/// <summary>A hook's filter, prepared for matching many events.</summary>
/// <param name="anyOf">The filters of which an event must match one.</param>
internal sealed class Filter(IReadOnlyList<HookFilter> anyOf)
{
    private readonly Alternative[] _anyOf = [.. anyOf.Select(filter => new Alternative(filter))];

    /// <summary>Whether an event matches: there is an alternative of which each field that is set has a value that matches.</summary>
    public bool Matches(EventFacts facts)
    {
        foreach (Alternative alternative in _anyOf)
        {
            if (alternative.Matches(facts))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Parses a stored filter.</summary>
    /// <exception cref="JsonException">The text is not a filter.</exception>
    public static Filter Parse(string json) => new(Read(json));

    /// <summary>Reads a stored filter in the format of the API.</summary>
    /// <exception cref="JsonException">The text is not a filter.</exception>
    public static IReadOnlyList<HookFilter> Read(string json) => HookFilterListConverter.Parse(json, NyalaJson.Wire.Options) is { Count: > 0 } filters
        ? filters
        : throw new JsonException("A filter must not be an empty list.");

    /// <summary>Reads a stored filter. Returns null if it cannot be read; <see cref="FilterCache"/> treats such a hook as one without a filter.</summary>
    public static IReadOnlyList<HookFilter>? TryRead(string json)
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

    /// <summary>Returns the text in which a filter is stored: an object, or a list of objects if there are several.</summary>
    public static string Write(IReadOnlyList<HookFilter> filters) => HookFilterListConverter.Format(filters);

    private sealed class Alternative(HookFilter filter)
    {
        // Null matches everything. An unknown word matches nothing.
        private readonly DeploymentStatus[]? _statuses = Values(filter.Status, FilterValues.Status);
        private readonly StatusChange[]? _changes = Values(filter.Change, FilterValues.Change);
        private readonly Pattern[] _sites = Patterns(filter.Site, StringComparison.OrdinalIgnoreCase);
        private readonly Pattern[] _branches = Patterns(filter.Branch, StringComparison.Ordinal);
        private readonly Pattern[] _authors = Patterns(filter.Author, StringComparison.OrdinalIgnoreCase);

        public bool Matches(EventFacts facts) =>
            (_statuses is null || (facts.Status is { } status && _statuses.Contains(status)))
            && (_changes is null || (facts.Change is { } change && _changes.Contains(change)))
            && Matches(_sites, facts.Site)
            && Matches(_branches, facts.Branch)
            && Matches(_authors, facts.Author);

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

        private static T[]? Values<T>(IReadOnlyList<string>? words, Func<string?, T?> valueOf)
            where T : struct => words is null or [] ? null : [.. words.Select(valueOf).OfType<T>()];

        private static Pattern[] Patterns(IReadOnlyList<string>? texts, StringComparison comparison) =>
            [.. (texts ?? []).Select(text => new Pattern(text, comparison))];
    }
}
