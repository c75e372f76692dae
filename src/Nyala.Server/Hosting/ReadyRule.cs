using Nyala.Server.Storage;

namespace Nyala.Server.Hosting;

/// <summary>Decides whether the server is ready. Pure.</summary>
internal static class ReadyRule
{
    /// <summary>A commit that takes longer than this is stalled. A disk that is only slow or busy is done by then.</summary>
    public static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(10);

    /// <summary>Returns why the server is not ready, in words that reveal nothing about the machine; empty if it is ready.</summary>
    /// <param name="store">The condition of the store.</param>
    /// <param name="readable">Whether a query succeeded.</param>
    /// <param name="stopping">Whether the server is stopping.</param>
    public static IReadOnlyList<string> Reasons(StoreHealth store, bool readable, bool stopping)
    {
        var reasons = new List<string>();
        if (stopping)
        {
            reasons.Add("stopping");
        }

        if (store.Fault != StoreFault.None)
        {
            reasons.Add(store.Fault == StoreFault.Full ? "disk_full" : "disk_failing");
        }

        if (store.Busy > StalledAfter)
        {
            reasons.Add("writer_stalled");
        }

        if (!readable)
        {
            reasons.Add("database_unreadable");
        }

        return reasons;
    }
}
