using System.Text;

namespace Nyala.Server.Outbound.Channels.Http;

/// <summary>Recognizes other protocols than HTTP/1.1 by the first bytes of a response. Pure.</summary>
internal static class NonHttpResponse
{
    private const byte Alert = 0x15;
    private const byte Handshake = 0x16;
    private const byte TlsMajor = 3;
    private const byte Settings = 4;

    /// <summary>Explains what the receiver speaks.</summary>
    /// <param name="beginning">The first bytes of the response, the first in the most significant position.</param>
    /// <param name="count">The number of these bytes.</param>
    /// <returns>Null if the protocol is not recognized.</returns>
    public static string? Explain(ulong beginning, int count)
    {
        byte At(int index) => index < count ? (byte)(beginning >> (8 * (sizeof(ulong) - 1 - index))) : (byte)0;
        bool Begins(string text) => count >= text.Length && Encoding.ASCII.GetBytes(text).Select((letter, index) => At(index) == letter).All(same => same);
        return count == 0 ? null
            : At(0) is Alert or Handshake && At(1) == TlsMajor ? "The receiver uses TLS on this port. The url must start with https."
            : count > 4 && At(3) == Settings && At(0) == 0 ? "The receiver supports only HTTP/2, but this server uses HTTP/1.1."
            : Begins("SSH-") ? "The response is not HTTP: an SSH server listens there."
            : Begins("220 ") || Begins("220-") ? "The response is not HTTP: a mail or FTP server listens there."
            : null;
    }
}
