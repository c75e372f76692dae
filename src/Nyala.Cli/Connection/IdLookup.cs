using System.Net;
using Nyala.Client;

namespace Nyala.Cli.Connection;

/// <summary>
/// Finds an item by its full ID, by <c>latest</c>, by at least the first or last four characters of its ID, or by one of its names. If several items match, it
/// fails and lists them.
/// </summary>
/// <typeparam name="T">The type of the items.</typeparam>
/// <param name="Noun">What an item is called in messages, such as <c>hook</c>.</param>
/// <param name="IdOf">Returns the ID of an item.</param>
/// <param name="NamesOf">Returns its other names. A name matches only as a whole.</param>
/// <param name="Describe">Describes an item in the list of matches.</param>
internal sealed record IdLookup<T>(string Noun, Func<T, string> IdOf, Func<T, IEnumerable<string>> NamesOf, Func<T, string> Describe)
{
    private const string Latest = "latest";
    private const int MinLength = 4;
    private const int MaxDescribed = 10;

    /// <summary>Returns the ID of the matching item. Returns the text itself if nothing matches: the server then reports that it does not exist.</summary>
    /// <param name="text">The text that was typed.</param>
    /// <param name="read">Reads an item by its full ID, and fails with 404 if it does not exist. Null if <paramref name="list"/> returns all items.</param>
    /// <param name="list">Lists the items to search, newest first.</param>
    /// <exception cref="CommandFailure">Several items match, or the text is <c>latest</c> and there are no items.</exception>
    public async Task<string> IdAsync(string text, Func<string, Task>? read, Func<Task<IReadOnlyList<T>>> list)
    {
        if (text != Latest && read is not null && await ExistsAsync(text, read))
        {
            return text;
        }

        IReadOnlyList<T> newestFirst = await list();
        return Find(text, newestFirst) is { } item ? IdOf(item) : text;
    }

    /// <summary>Returns the matching item, or null if nothing matches.</summary>
    /// <exception cref="CommandFailure">Several items match, or the text is <c>latest</c> and there are no items.</exception>
    public T? Find(string text, IReadOnlyList<T> newestFirst)
    {
        if (newestFirst.FirstOrDefault(item => IdOf(item) == text) is { } exact)
        {
            return exact;
        }

        T[] matches = [.. newestFirst.Where(item => NamesOf(item).Contains(text, StringComparer.OrdinalIgnoreCase))];
        if (matches.Length == 0 && text == Latest)
        {
            return newestFirst.Count > 0 ? newestFirst[0] : throw CommandFailure.NotFound($"no {Noun} exists yet.");
        }

        if (matches.Length == 0 && text.Length >= MinLength)
        {
            matches = [.. newestFirst.Where(item => IsPartOf(text, IdOf(item)))];
        }

        return matches.Length <= 1 ? matches.FirstOrDefault() : throw new CommandFailure(
            $"'{text}' matches more than one {Noun}: {string.Join("; ", matches.Take(MaxDescribed).Select(Describe))}{(matches.Length > MaxDescribed ? "; …" : "")}. Use the full ID.");
    }

    private static bool IsPartOf(string text, string id) =>
        id.StartsWith(text, StringComparison.OrdinalIgnoreCase) || id.EndsWith(text, StringComparison.OrdinalIgnoreCase);

    private static async Task<bool> ExistsAsync(string id, Func<string, Task> read)
    {
        try
        {
            await read(id);
            return true;
        }
        catch (NyalaException error) when (error.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
        {
            return false;
        }
    }
}
