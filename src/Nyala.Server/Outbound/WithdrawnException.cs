namespace Nyala.Server.Outbound;

/// <summary>The hook changed before a byte of the request was sent. The framework's connection code leaves no other way to say so.</summary>
internal sealed class WithdrawnException() : Exception("The hook has changed.");
