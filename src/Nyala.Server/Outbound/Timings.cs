namespace Nyala.Server.Outbound;

/// <summary>Where an attempt's time went.</summary>
/// <param name="Opening">What the opening of the connection took; null if the attempt used one that was open, or went through a proxy.</param>
/// <param name="FirstByte">From the attempt's start until the first byte of an answer; null if none came.</param>
/// <param name="Total">The whole attempt.</param>
internal readonly record struct Timings(OpeningTimes? Opening, TimeSpan? FirstByte, TimeSpan Total);

/// <summary>What the opening of a connection took.</summary>
/// <param name="Dns">The lookup of the name; null if the url holds an address.</param>
/// <param name="Connect">TCP.</param>
/// <param name="Tls">The TLS handshake; null for http.</param>
/// <param name="LacksCertificate">Whether the receiver asked for a client certificate and the hook has none.</param>
internal sealed record OpeningTimes(TimeSpan? Dns, TimeSpan Connect, TimeSpan? Tls, bool LacksCertificate = false);
