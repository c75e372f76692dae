namespace Nyala.Server.Storage.Sqlite;

/// <summary>Walks along an index in the order of a list and keeps what matches, up to a bound on what it looks at.</summary>
internal static class BoundedScan
{
    /// <summary>How many rows a page looks at, at most: some milliseconds of work. What is behind them is the next page's.</summary>
    public const int MostExamined = 1024;

    /// <summary>Takes a page off a walk.</summary>
    /// <param name="rows">The rows that may match, in the order of the list.</param>
    /// <param name="idOf">The id by which the list is ordered.</param>
    /// <param name="matches">Which rows the list has.</param>
    /// <param name="limit">How many rows the page has at most.</param>
    public static Page<T> Take<T>(IEnumerable<T> rows, Func<T, long> idOf, Func<T, bool> matches, int limit)
    {
        var taken = new List<T>();
        int examined = 0;
        foreach (T row in rows)
        {
            if (matches(row))
            {
                // One more than the page has room for: there is a next page, and it begins with this one.
                if (taken.Count == limit)
                {
                    return new Page<T>(taken, idOf(taken[^1]));
                }

                taken.Add(row);
            }

            if (++examined == MostExamined)
            {
                return new Page<T>(taken, idOf(row));
            }
        }

        return new Page<T>(taken, Next: null);
    }
}
