using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Nyala.Server.Hosting;

/// <summary>Converts an address that a server is bound to into one that a program on the same machine can connect to.</summary>
internal static class ConnectAddress
{
    private const string Loopback = "127.0.0.1";
    private const string Localhost = "localhost";

    /// <summary>Whether an address means every address of the machine.</summary>
    public static bool IsEvery(Uri bound) => IPAddress.TryParse(bound.DnsSafeHost, out IPAddress? ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));

    /// <summary>
    /// Returns the address to connect to: IPv4 loopback if the server is bound to every address, because <c>[::]</c> accepts IPv4 too; otherwise the address
    /// itself.
    /// </summary>
    public static Uri Of(Uri bound) => IsEvery(bound) ? WithHost(bound, Loopback) : bound;

    /// <summary>Returns the addresses to connect to, best first. Addresses without TLS come first, because no certificate has to name their host.</summary>
    /// <param name="bound">The addresses that the server is bound to.</param>
    /// <param name="certificate">The server's certificate; null if it has none.</param>
    /// <param name="publicUrl">The URL that clients use; empty if it is unknown.</param>
    public static IReadOnlyList<Uri> Of(IEnumerable<Uri> bound, X509Certificate2? certificate, string publicUrl) =>
        [.. bound.Select(address => Of(address, certificate, publicUrl)).OrderBy(address => address.Scheme == Uri.UriSchemeHttps).Distinct()];

    private static Uri Of(Uri bound, X509Certificate2? certificate, string publicUrl)
    {
        Uri address = Of(bound);
        if (certificate is null || address.Scheme != Uri.UriSchemeHttps)
        {
            return address;
        }

        // A client refuses a host that the certificate does not name, so a named host is better than the bound address.
        string[] hosts =
        [
            address.DnsSafeHost,
            .. IPAddress.TryParse(address.DnsSafeHost, out IPAddress? ip) && IPAddress.IsLoopback(ip) ? [Localhost] : Array.Empty<string>(),
            .. publicUrl.Length > 0 ? [new Uri(publicUrl).DnsSafeHost] : Array.Empty<string>(),
            .. NamesIn(certificate),
        ];
        return hosts.FirstOrDefault(host => certificate.MatchesHostname(host)) is { } named && named != address.DnsSafeHost ? WithHost(address, named) : address;
    }

    private static IEnumerable<string> NamesIn(X509Certificate2 certificate) =>
        (certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault()?.EnumerateDnsNames() ?? [])
            .Where(name => Uri.CheckHostName(name) == UriHostNameType.Dns);

    private static Uri WithHost(Uri address, string host) => new UriBuilder(address) { Host = host }.Uri;
}
