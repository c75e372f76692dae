namespace Nyala.Server.Outbound;

/// <summary>The durations of an attempt's phases.</summary>
/// <param name="Opening">The opening of the connection; null if the attempt reused an open connection or went through a proxy.</param>
/// <param name="FirstByte">The time from the start of the attempt to the first byte of the response; null if none was received.</param>
/// <param name="Total">The duration of the whole attempt.</param>
internal readonly record struct Timings(ConnectTimings? Opening, TimeSpan? FirstByte, TimeSpan Total);

/// <summary>The durations of the steps that open a connection.</summary>
/// <param name="Dns">The name lookup; null if the URL contains an address.</param>
/// <param name="Connect">The TCP connect.</param>
/// <param name="Tls">The TLS handshake; null for http.</param>
/// <param name="LacksCertificate">Whether the receiver asked for a client certificate and the hook has none.</param>
internal sealed record ConnectTimings(TimeSpan? Dns, TimeSpan Connect, TimeSpan? Tls, bool LacksCertificate = false);
