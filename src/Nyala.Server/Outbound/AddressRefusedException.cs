using System.Net;

namespace Nyala.Server.Outbound;

/// <summary>The address guard refused to connect. The framework's connection code leaves no other way to say so.</summary>
internal sealed class AddressRefusedException(string host, IPAddress address, string rule) : Exception(
    $"{host} is {address}: {rule} addresses are not called. Outbound:Allow would open it.");
