namespace Nyala.Server.Storage;

/// <summary>A page of a list.</summary>
/// <param name="Entries">The entries, in the order of the list.</param>
/// <param name="Next">
/// The id after which the next page begins; null at the end of the list. A search examines a limited number of rows for each page, so a page may have few
/// entries or none and still have a next page.
/// </param>
internal sealed record Page<T>(IReadOnlyList<T> Entries, long? Next)
{
    /// <summary>Makes a page from entries that were read with a limit of one more than the page holds.</summary>
    public static Page<T> Of(IReadOnlyList<T> read, int limit, Func<T, long> idOf) =>
        read.Count <= limit ? new(read, null) : new([.. read.Take(limit)], idOf(read[limit - 1]));

    /// <summary>Returns the same page with each entry converted.</summary>
    public Page<TOther> Select<TOther>(Func<T, TOther> show) => new([.. Entries.Select(show)], Next);
}
