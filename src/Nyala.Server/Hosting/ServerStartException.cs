namespace Nyala.Server.Hosting;

/// <summary>Thrown if the server cannot start for a reason that its operator can fix. The message says what is wrong and how to fix it.</summary>
internal sealed class ServerStartException(string message, Exception? inner = null) : Exception(message, inner);
