namespace Nyala.Server.Outbound;

/// <summary>The TLS handshake failed; the message says why. The framework's connection code leaves no other way to say so.</summary>
internal sealed class TlsFailedException(string reason, Exception? inner = null) : Exception(reason, inner);
