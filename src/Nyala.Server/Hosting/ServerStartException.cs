namespace Nyala.Server.Hosting;

/// <summary>The server cannot start, for a reason that its operator can mend; the message says what and how.</summary>
internal sealed class ServerStartException(string message, Exception? inner = null) : Exception(message, inner);
