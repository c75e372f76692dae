namespace Nyala.Server.Outbound;

/// <summary>Thrown if the address guard refuses a connection. The framework's connection code offers no other way to report it.</summary>
internal sealed class AddressRefusedException(AddressRefusal refusal) : Exception(refusal.Text);
