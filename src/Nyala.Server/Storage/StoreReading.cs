using System.Diagnostics.Metrics;

namespace Nyala.Server.Storage;

/// <summary>Reads the store for an instrument, whose callbacks know no waiting but blocking.</summary>
internal static class StoreReading
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>The value; none if the store does not give it in time, so that a scrape is short by it rather than late.</summary>
    public static IEnumerable<Measurement<long>> Of(IStore store, Func<ITables, long> query) => OfMany(store, tables => (Measurement<long>[])[new(query(tables))]);

    /// <summary>The values; none if the store does not give them in time.</summary>
    public static IEnumerable<Measurement<long>> OfMany(IStore store, Func<ITables, IEnumerable<Measurement<long>>> query)
    {
        try
        {
            Task<IEnumerable<Measurement<long>>> read = store.SearchAsync(query, CancellationToken.None);
            return read.Wait(Limit) ? read.Result : [];
        }
        catch (AggregateException)
        {
            // The store is closed or cannot be read, which its health tells.
            return [];
        }
    }
}
