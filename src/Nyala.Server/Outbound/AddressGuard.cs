using System.Net;
using System.Net.Sockets;

namespace Nyala.Server.Outbound;

/// <summary>
/// Says whether a hook may reach an address. Judged on the address that is connected to, never on a name, so that neither
/// a changed DNS answer nor an odd notation gets round it.
/// </summary>
internal sealed class AddressGuard
{
    private static readonly (IPNetwork Network, string Rule)[] Metadata =
    [
        (IPNetwork.Parse("169.254.169.254/32"), "cloud metadata"),
        (IPNetwork.Parse("168.63.129.16/32"), "cloud metadata"),
        (IPNetwork.Parse("100.100.100.200/32"), "cloud metadata"),
        (IPNetwork.Parse("fd00:ec2::254/128"), "cloud metadata"),
    ];

    private static readonly (IPNetwork Network, string Rule)[] Private =
    [
        (IPNetwork.Parse("127.0.0.0/8"), "loopback"),
        (IPNetwork.Parse("::1/128"), "loopback"),
        (IPNetwork.Parse("10.0.0.0/8"), "private network"),
        (IPNetwork.Parse("172.16.0.0/12"), "private network"),
        (IPNetwork.Parse("192.168.0.0/16"), "private network"),
        (IPNetwork.Parse("fc00::/7"), "private network"),
    ];

    private static readonly (IPNetwork Network, string Rule)[] Special =
    [
        (IPNetwork.Parse("0.0.0.0/8"), "this network"),
        (IPNetwork.Parse("100.64.0.0/10"), "shared address space"),
        (IPNetwork.Parse("169.254.0.0/16"), "link-local"),
        (IPNetwork.Parse("192.0.0.0/24"), "protocol assignments"),
        (IPNetwork.Parse("192.0.2.0/24"), "documentation"),
        (IPNetwork.Parse("192.88.99.0/24"), "6to4 relay"),
        (IPNetwork.Parse("198.18.0.0/15"), "benchmarking"),
        (IPNetwork.Parse("198.51.100.0/24"), "documentation"),
        (IPNetwork.Parse("203.0.113.0/24"), "documentation"),
        (IPNetwork.Parse("224.0.0.0/4"), "multicast"),
        (IPNetwork.Parse("240.0.0.0/4"), "reserved or broadcast"),
        (IPNetwork.Parse("::/128"), "unspecified"),
        (IPNetwork.Parse("fe80::/10"), "link-local"),
        (IPNetwork.Parse("fec0::/10"), "site-local"),
        (IPNetwork.Parse("ff00::/8"), "multicast"),
        (IPNetwork.Parse("2001:db8::/32"), "documentation"),
        (IPNetwork.Parse("3fff::/20"), "documentation"),
        (IPNetwork.Parse("100::/64"), "discard"),
        (IPNetwork.Parse("2002::/16"), "6to4"),
        (IPNetwork.Parse("2001::/32"), "Teredo"),
        (IPNetwork.Parse("64:ff9b:1::/48"), "local NAT64"),
        (IPNetwork.Parse("5f00::/16"), "segment routing"),
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");

    private readonly bool _privateOpen;
    private readonly IPNetwork[] _allowed;

    /// <summary>Makes a guard.</summary>
    /// <param name="privateOpen">Whether loopback and private networks are open: so on a server that only its own machine reaches.</param>
    /// <param name="allowed">Networks that the operator opened.</param>
    public AddressGuard(bool privateOpen, IEnumerable<IPNetwork> allowed) => (_privateOpen, _allowed) = (privateOpen, [.. allowed]);

    /// <summary>The rule that refuses the address; null where it may be reached.</summary>
    public string? Refuses(IPAddress address)
    {
        IPAddress plain = Unwrap(address);
        if (Match(Metadata, plain) is { } metadata)
        {
            return _allowed.Any(network => network.Contains(plain) && network.PrefixLength == AddressBits(plain)) ? null : metadata;
        }

        if (_allowed.Any(network => network.Contains(plain)))
        {
            return null;
        }

        return Match(Special, plain) ?? (_privateOpen ? null : Match(Private, plain));
    }

    /// <summary>The IPv4 address that an IPv6 one stands for: mapped, compatible or behind NAT64.</summary>
    private static IPAddress Unwrap(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        // A zone id names an interface of this machine and takes no part in the comparison.
        var plain = new IPAddress(address.GetAddressBytes());
        bool wraps = plain.IsIPv4MappedToIPv6
            || Nat64.Contains(plain)
            || (Compatible.Contains(plain) && !plain.Equals(IPAddress.IPv6Any) && !plain.Equals(IPAddress.IPv6Loopback));
        return wraps ? new IPAddress(plain.GetAddressBytes().AsSpan(12)) : plain;
    }

    private static string? Match((IPNetwork Network, string Rule)[] rules, IPAddress address)
    {
        foreach ((IPNetwork network, string rule) in rules)
        {
            if (network.Contains(address))
            {
                return rule;
            }
        }

        return null;
    }

    private static int AddressBits(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
}
