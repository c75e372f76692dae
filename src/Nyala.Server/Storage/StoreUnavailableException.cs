namespace Nyala.Server.Storage;

/// <summary>Thrown if the store cannot write because the disk is full, read-only or failing. Nothing of the work was written.</summary>
internal sealed class StoreUnavailableException(string message, bool full, Exception? inner) : Exception(message, inner)
{
    /// <summary>Whether the cause is a full disk.</summary>
    public bool Full { get; } = full;
}
