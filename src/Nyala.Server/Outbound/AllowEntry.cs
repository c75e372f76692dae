using System.Globalization;
using System.Net;

namespace Nyala.Server.Outbound;

/// <summary>
/// An entry of <c>Outbound:Allow</c>: a network, an address, a host, or all hosts below a domain; with or without a port. Examples: <c>10.20.0.0/16</c>,
/// <c>10.20.0.7:25</c>, <c>[fd12::/32]:8080</c>, <c>build.internal</c>, <c>*.corp.example:9000</c>.
/// </summary>
internal sealed record AllowEntry
{
    private const string Below = "*.";

    private AllowEntry(IPNetwork? network, string? host, int? port) => (Network, Host, Port) = (network, host, port);

    /// <summary>The addresses that it opens; null if it names a host.</summary>
    public IPNetwork? Network { get; }

    /// <summary>The host that it opens, in ASCII and lower case, or <c>*.</c> and the domain; null if it names a network.</summary>
    public string? Host { get; }

    /// <summary>The only port that it opens, even if <see cref="BlockedPort"/> lists it; null if it opens every port that is not listed there.</summary>
    public int? Port { get; }

    /// <summary>Parses an entry. Returns null and the reason if it is not valid.</summary>
    public static AllowEntry? Parse(string? text, out string reason)
    {
        text = text?.Trim() ?? "";
        if (!TrySplit(text, out string place, out int? port))
        {
            reason = "the port must be a number from 1 to 65535, and an IPv6 network with a port must be in brackets: [fd12::/32]:8080";
            return null;
        }

        if (place.Contains('/', StringComparison.Ordinal) || IPAddress.TryParse(place, out _))
        {
            return TryReadNetwork(place, out IPNetwork network, out reason) ? new AllowEntry(network, null, port) : null;
        }

        return ReadHost(place, out reason) is { } host ? new AllowEntry(null, host, port) : null;
    }

    /// <summary>Whether the entry names this host. Networks never match a host.</summary>
    public bool Names(string host)
    {
        ReadOnlySpan<char> name = host.AsSpan().TrimEnd('.');
        return Host is { } own && (own.StartsWith(Below, StringComparison.Ordinal)
            ? name.Length >= own.Length && name.EndsWith(own.AsSpan(1), StringComparison.OrdinalIgnoreCase)
            : name.Equals(own, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether the entry is a network that contains this address.</summary>
    public bool Holds(IPAddress address) => Network is { } network && network.Contains(address);

    /// <summary>Whether the entry names exactly this address.</summary>
    public bool IsJust(IPAddress address) => Holds(address) && Network!.Value.PrefixLength == address.GetAddressBytes().Length * 8;

    /// <summary>The entry as it is written in the configuration.</summary>
    public override string ToString()
    {
        string place = Host ?? Network!.Value.ToString();
        return Port is not { } port ? place : place.Contains(':', StringComparison.Ordinal) ? $"[{place}]:{port}" : $"{place}:{port}";
    }

    private static bool TrySplit(string text, out string place, out int? port)
    {
        (place, port) = (text, null);
        int colon = text.LastIndexOf(':');
        bool bracketed = text.StartsWith('[');

        // A single colon precedes a port. Several colons without brackets belong to an IPv6 address.
        if (colon >= 0 && (bracketed ? text.LastIndexOf(']') < colon : text.IndexOf(':', StringComparison.Ordinal) == colon))
        {
            if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > 65535)
            {
                return false;
            }

            (place, port) = (text[..colon], number);
        }

        // [fd12::]/32 means the same as [fd12::/32].
        int close = place.IndexOf(']', StringComparison.Ordinal);
        if (bracketed)
        {
            place = close < 0 || !place.Contains(':', StringComparison.Ordinal) ? "" : place[1..close] + place[(close + 1)..];
        }

        return true;
    }

    /// <summary>
    /// Reads a network, and refuses one with address bits set after the prefix. The framework would read 10.0.0.1/8 as 10.0.0.0/8, but the author more likely
    /// means one host than sixteen million.
    /// </summary>
    private static bool TryReadNetwork(string text, out IPNetwork network, out string reason)
    {
        reason = "a network must be like 10.20.0.0/16 or fd12::/32, with no address bits set after the prefix";
        string[] parts = text.Split('/');
        network = default;
        if (!IPAddress.TryParse(parts[0], out IPAddress? address) || !IsPlain(parts[0], address))
        {
            return false;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            reason = "an IPv4-mapped address counts as its IPv4 address: use that address";
            return false;
        }

        if (parts.Length == 1)
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out network) && address.Equals(network.BaseAddress);
    }

    /// <summary>Whether the text has no zone and none of the unusual notations of IPv4, because people read the entries too.</summary>
    private static bool IsPlain(string text, IPAddress address) => text.Contains(':', StringComparison.Ordinal)
        ? !text.Contains('%', StringComparison.Ordinal)
        : address.ToString().Equals(text, StringComparison.Ordinal);

    private static string? ReadHost(string text, out string reason)
    {
        reason = "an entry must be a network such as 10.20.0.0/16, or a host such as build.internal or *.corp.example";
        string start = text.StartsWith(Below, StringComparison.Ordinal) ? Below : "";
        string name = text[start.Length..].TrimEnd('.');
        try
        {
            name = name.Length == 0 ? "" : new IdnMapping().GetAscii(name);
        }
        catch (ArgumentException)
        {
            return null;
        }

        // A name whose last label is a number is a mistyped address.
        bool good = Uri.CheckHostName(name) == UriHostNameType.Dns && !name.Split('.')[^1].All(char.IsAsciiDigit);
        return good ? start + name.ToLowerInvariant() : null;
    }
}
