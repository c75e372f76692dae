namespace Nyala.Server.Outbound.Channels.Http;

/// <summary>Thrown if the hook changed before a byte of the request was sent. The framework's connection code offers no other way to report it.</summary>
internal sealed class RequestWithdrawnException() : Exception("The hook has changed.");
