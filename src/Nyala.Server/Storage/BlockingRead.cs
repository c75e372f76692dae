using System.Diagnostics.Metrics;

namespace Nyala.Server.Storage;

/// <summary>Reads the store for an instrument. The callbacks of instruments are synchronous, so the read blocks.</summary>
internal static class BlockingRead
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Returns the value. Returns nothing if the store does not respond in time, so that a scrape lacks this value instead of being late.</summary>
    public static IEnumerable<Measurement<long>> Of(IStore store, Func<ITables, long> query) => OfMany(store, tables => (Measurement<long>[])[new(query(tables))]);

    /// <summary>Returns the values. Returns nothing if the store does not respond in time.</summary>
    public static IEnumerable<Measurement<long>> OfMany(IStore store, Func<ITables, IEnumerable<Measurement<long>>> query)
    {
        try
        {
            Task<IEnumerable<Measurement<long>>> read = store.SearchAsync(query, CancellationToken.None);
            return read.Wait(Limit) ? read.Result : [];
        }
        catch (AggregateException)
        {
            // The store is closed or cannot be read. Its health check reports that.
            return [];
        }
    }
}
