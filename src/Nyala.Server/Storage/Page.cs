namespace Nyala.Server.Storage;

/// <summary>A piece of a list.</summary>
/// <param name="Entries">The entries, in the order of the list.</param>
/// <param name="Next">
/// The id behind which the list goes on; null at its end. A search looks at a bounded number of rows for each page, so a page that has a next
/// one may hold few entries or none.
/// </param>
internal sealed record Page<T>(IReadOnlyList<T> Entries, long? Next);
