using System.Collections.Concurrent;
using System.Text.Json;

namespace Nyala.Server.Events;

/// <summary>The filters in use, by their text: they are asked on the one thread that writes, so none is read twice.</summary>
internal sealed class Filters
{
    /// <summary>Texts kept; past it all are dropped, for filters that nobody has any more would stay for ever.</summary>
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, Filter?> _filters = new(StringComparer.Ordinal);

    /// <summary>Whether a hook with this filter hears the event.</summary>
    public bool Hears(string filter, EventFacts facts) => Of(filter)?.Matches(facts) ?? true;

    private Filter? Of(string text)
    {
        if (_filters.TryGetValue(text, out Filter? filter))
        {
            return filter;
        }

        if (_filters.Count >= Most)
        {
            _filters.Clear();
        }

        return _filters.GetOrAdd(text, Parse);
    }

    private static Filter? Parse(string text)
    {
        try
        {
            return Filter.Parse(text);
        }
        catch (JsonException)
        {
            // Written by a hand other than ours: the hook hears too much rather than nothing, and no publisher is refused for it.
            return null;
        }
    }
}
