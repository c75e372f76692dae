namespace Nyala.Server.Storage.Sqlite;

/// <summary>Walks an index in the order of a list and keeps the rows that match. The number of examined rows is limited.</summary>
internal static class BoundedScan
{
    /// <summary>The maximum number of rows that a page examines, which takes a few milliseconds. Later rows are left to the next page.</summary>
    public const int MaxExamined = 1024;

    /// <summary>Takes a page from a walk.</summary>
    /// <param name="rows">The candidate rows, in the order of the list.</param>
    /// <param name="idOf">Returns the id that orders the list.</param>
    /// <param name="matches">Whether a row belongs to the list.</param>
    /// <param name="limit">The maximum number of rows of the page.</param>
    public static Page<T> Take<T>(IEnumerable<T> rows, Func<T, long> idOf, Func<T, bool> matches, int limit)
    {
        var taken = new List<T>();
        int examined = 0;
        foreach (T row in rows)
        {
            if (matches(row))
            {
                // The page is full and another row matches, so there is a next page.
                if (taken.Count == limit)
                {
                    return new Page<T>(taken, idOf(taken[^1]));
                }

                taken.Add(row);
            }

            if (++examined == MaxExamined)
            {
                return new Page<T>(taken, idOf(row));
            }
        }

        return new Page<T>(taken, Next: null);
    }
}
