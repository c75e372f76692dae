namespace Nyala.Server.Storage;

/// <summary>What keeps a store from writing.</summary>
internal enum StoreTrouble
{
    /// <summary>Nothing: the last write went well.</summary>
    None,

    /// <summary>The disk is full.</summary>
    Full,

    /// <summary>The disk or the file system refuses: read-only, failing, gone.</summary>
    Failing,
}

/// <summary>How a store fares just now.</summary>
/// <param name="Trouble">What the last write met. Over once a write has changed something on the disk again.</param>
/// <param name="Busy">For how long the commit that is on its way has been so; zero if none is.</param>
/// <param name="Queued">Works that wait for the next commit.</param>
internal readonly record struct StoreCondition(StoreTrouble Trouble, TimeSpan Busy, int Queued);
