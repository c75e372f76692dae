namespace Nyala.Server.Outbound.Channels.Http;

/// <summary>Thrown if the TLS handshake fails. The message gives the reason. The framework's connection code offers no other way to report it.</summary>
internal sealed class TlsFailedException(string reason, Exception? inner = null) : Exception(reason, inner);
