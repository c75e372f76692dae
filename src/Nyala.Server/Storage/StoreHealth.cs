namespace Nyala.Server.Storage;

/// <summary>Why a store cannot write.</summary>
internal enum StoreFault
{
    /// <summary>The last write succeeded.</summary>
    None,

    /// <summary>The disk is full.</summary>
    Full,

    /// <summary>The disk or the file system refuses writes: it is read-only, failing, or not mounted.</summary>
    Failing,
}

/// <summary>The current condition of a store.</summary>
/// <param name="Fault">Why the last write failed. It is cleared by the next write that changes something on disk.</param>
/// <param name="Busy">How long the commit in progress has been running; zero if there is none.</param>
/// <param name="Queued">The number of work items that wait for the next commit.</param>
internal readonly record struct StoreHealth(StoreFault Fault, TimeSpan Busy, int Queued);
