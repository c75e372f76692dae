using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Nyala.Server.Events;

/// <summary>
/// The filters in use, as they were read out of their texts: they are asked on the one thread that writes, so none is read twice. One is kept for
/// as long as somebody holds its text, which is the store's cache of matches.
/// </summary>
internal sealed class FilterCache
{
    private readonly ConditionalWeakTable<string, Parsed> _filters = [];

    /// <summary>Whether a hook with this filter hears the event.</summary>
    public bool Hears(string filter, EventFacts facts) => _filters.GetValue(filter, Parse).Filter?.Matches(facts) ?? true;

    private static Parsed Parse(string text)
    {
        try
        {
            return new Parsed(Filter.Parse(text));
        }
        catch (JsonException)
        {
            // Written by a hand other than ours: the hook hears too much rather than nothing, and no publisher is refused for it.
            return new Parsed(null);
        }
    }

    /// <param name="Filter">The filter; null if its text cannot be read.</param>
    private sealed record Parsed(Filter? Filter);
}
