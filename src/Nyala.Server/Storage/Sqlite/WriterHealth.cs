using System.Diagnostics;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>Tracks the condition of the writer, which reports each commit.</summary>
internal sealed class WriterHealth(StorageInstruments instruments, WorkQueue queue)
{
    private const long Idle = 0;

    private long _begun = Idle;
    private volatile StoreFault _trouble;

    public StoreHealth Current
    {
        get
        {
            long begun = Volatile.Read(ref _begun);
            return new StoreHealth(_trouble, begun == Idle ? TimeSpan.Zero : Stopwatch.GetElapsedTime(begun), queue.Count);
        }
    }

    public void Begin() => Volatile.Write(ref _begun, Stopwatch.GetTimestamp());

    /// <param name="works">The number of work items that are now on disk.</param>
    /// <param name="changed">Whether they changed anything. An empty commit needs no space, so it says nothing about the disk.</param>
    public void Committed(int works, bool changed)
    {
        instruments.Committed(Stopwatch.GetElapsedTime(_begun), works);
        if (changed)
        {
            _trouble = StoreFault.None;
        }

        Volatile.Write(ref _begun, Idle);
    }

    public void Failed(StoreFault trouble)
    {
        instruments.Failed(trouble);
        _trouble = trouble;
        Volatile.Write(ref _begun, Idle);
    }
}
