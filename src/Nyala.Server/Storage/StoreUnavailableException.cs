namespace Nyala.Server.Storage;

/// <summary>The store cannot write now: the disk is full, read-only or failing. Nothing of the work was kept.</summary>
internal sealed class StoreUnavailableException(string message, bool full, Exception? inner) : Exception(message, inner)
{
    /// <summary>True if it is space that is missing.</summary>
    public bool Full { get; } = full;
}
