namespace Nyala.Server.Outbound;

/// <summary>
/// What is known of one request on its way over a connection. The framework opens connections apart from requests, and may give a request
/// another one than it had opened for it; only the connection that the request is written to knows the truth.
/// </summary>
internal sealed class Exchange(Target target)
{
    private static readonly AsyncLocal<Exchange?> Flowing = new();

    /// <summary>The exchange of the request that is being written.</summary>
    public static Exchange? Current
    {
        get => Flowing.Value;
        set => Flowing.Value = value;
    }

    /// <summary>Whether the request was written to a connection that had served another one before.</summary>
    public bool Reused { get; private set; }

    /// <summary>What the opening of the connection took; null if it was open already.</summary>
    public OpeningTimes? Opening { get; private set; }

    /// <summary>The clock's timestamp at the first byte of an answer; null if none came.</summary>
    public long? FirstByte { get; private set; }

    /// <summary>Notes that the request is about to be written.</summary>
    /// <exception cref="WithdrawnException">Its hook has changed while the connection was waited for: nothing of it is written.</exception>
    public void Begin(bool reused, OpeningTimes? opening)
    {
        if (target.IsWithdrawn)
        {
            throw new WithdrawnException();
        }

        (Reused, Opening) = (reused, opening);
    }

    /// <summary>What the answer begins with: up to eight bytes, the first in the highest place, and how many they are.</summary>
    public (ulong Bytes, int Count) Beginning { get; private set; }

    /// <summary>Notes bytes of the answer.</summary>
    public void Answer(long timestamp, ReadOnlySpan<byte> bytes)
    {
        FirstByte ??= timestamp;
        (ulong beginning, int count) = Beginning;
        for (int i = 0; i < bytes.Length && count < sizeof(ulong); i++, count++)
        {
            beginning |= (ulong)bytes[i] << (8 * (sizeof(ulong) - 1 - count));
        }

        Beginning = (beginning, count);
    }
}
