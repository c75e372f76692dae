namespace Nyala.Server.Outbound.Channels.Http;

/// <summary>
/// The state of one request on a connection. The framework opens connections independently of requests, and may send a request over another connection than the
/// one it opened for it. Only the connection that the request is written to reports the facts.
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

    /// <summary>Whether the request was written to a connection that had already served another request.</summary>
    public bool Reused { get; private set; }

    /// <summary>How long opening the connection took; null if it was already open.</summary>
    public ConnectTimings? Opening { get; private set; }

    /// <summary>The clock's timestamp of the first byte of the response; null if none was received.</summary>
    public long? FirstByte { get; private set; }

    /// <summary>Records that the request is about to be written.</summary>
    /// <exception cref="RequestWithdrawnException">The hook changed while the request waited for a connection. Nothing of the request is written.</exception>
    public void Begin(bool reused, ConnectTimings? opening)
    {
        if (target.IsWithdrawn)
        {
            throw new RequestWithdrawnException();
        }

        (Reused, Opening) = (reused, opening);
    }

    /// <summary>The beginning of the response: up to eight bytes, the first in the most significant position, and their number.</summary>
    public (ulong Bytes, int Count) Beginning { get; private set; }

    /// <summary>Records bytes of the response.</summary>
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
