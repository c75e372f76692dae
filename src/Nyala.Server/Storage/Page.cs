namespace Nyala.Server.Storage;

/// <summary>A page of a list.</summary>
/// <param name="Entries">The entries, in the order of the list.</param>
/// <param name="Next">
/// The id after which the next page begins; null at the end of the list. A search examines a bounded number of rows for each page, so a page
/// that has a next one may hold few entries or none.
/// </param>
internal sealed record Page<T>(IReadOnlyList<T> Entries, long? Next)
{
    /// <summary>Makes a page of entries that were read with a limit of one more than the page holds.</summary>
    public static Page<T> Of(IReadOnlyList<T> read, int limit, Func<T, long> idOf) =>
        read.Count <= limit ? new(read, null) : new([.. read.Take(limit)], idOf(read[limit - 1]));

    /// <summary>The same page with each entry shown in another form.</summary>
    public Page<TOther> Select<TOther>(Func<T, TOther> show) => new([.. Entries.Select(show)], Next);
}
