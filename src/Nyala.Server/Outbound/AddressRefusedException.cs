namespace Nyala.Server.Outbound;

/// <summary>The address guard refused to connect. The framework's connection code leaves no other way to say so.</summary>
internal sealed class AddressRefusedException(AddressRefusal refusal) : Exception(refusal.Text);
