using Nyala.Server.Storage;

namespace Nyala.Server.Hosting;

/// <summary>Decides whether the server can accept what comes. Pure.</summary>
internal static class ReadyRule
{
    /// <summary>A commit that takes longer is stuck: a disk that is merely slow or busy is done by then.</summary>
    public static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(10);

    /// <summary>Why it cannot, in words that tell a stranger nothing of the machine; empty if it can.</summary>
    /// <param name="store">How the store fares.</param>
    /// <param name="readable">Whether a query was answered.</param>
    /// <param name="stopping">Whether the server has been told to stop.</param>
    public static IReadOnlyList<string> Reasons(StoreCondition store, bool readable, bool stopping)
    {
        var reasons = new List<string>();
        if (stopping)
        {
            reasons.Add("stopping");
        }

        if (store.Trouble != StoreTrouble.None)
        {
            reasons.Add(store.Trouble == StoreTrouble.Full ? "disk_full" : "disk_failing");
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
