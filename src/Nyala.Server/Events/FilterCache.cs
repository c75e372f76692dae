using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Nyala.Server.Events;

/// <summary>
/// Caches parsed filters by their text, so that a transaction does not parse one twice. A filter is kept for as long as its text is
/// referenced, which the store's cache of matches does.
/// </summary>
internal sealed class FilterCache
{
    private readonly ConditionalWeakTable<string, Parsed> _filters = [];

    /// <summary>Whether a hook with this filter receives the event.</summary>
    public bool Matches(string filter, EventFacts facts) => _filters.GetValue(filter, Parse).Filter?.Matches(facts) ?? true;

    private static Parsed Parse(string text)
    {
        try
        {
            return new Parsed(Filter.Parse(text));
        }
        catch (JsonException)
        {
            // The text was not written by this server. The hook receives every event rather than none, and publishing does not fail.
            return new Parsed(null);
        }
    }

    /// <param name="Filter">The filter; null if its text cannot be read.</param>
    private sealed record Parsed(Filter? Filter);
}
