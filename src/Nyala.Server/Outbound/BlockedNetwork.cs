using System.Net;

namespace Nyala.Server.Outbound;

/// <summary>A network that hooks cannot reach by default.</summary>
/// <param name="Network">Its addresses.</param>
/// <param name="Rule">The kind of network, in words for a refusal.</param>
/// <param name="Reach">What opens it.</param>
internal sealed record BlockedNetwork(IPNetwork Network, string Rule, Reach Reach)
{
    private const string Metadata = "cloud metadata";

    /// <summary>
    /// All blocked networks, narrower ones before wider ones; the first that contains an address applies. They come from IANA's registries of special-purpose
    /// addresses, and from the clouds' documentation of the addresses that serve metadata to virtual machines and containers.
    /// </summary>
    public static readonly IReadOnlyList<BlockedNetwork> All =
    [
        Of("169.254.169.254/32", Metadata, Reach.NamedByAddress),
        Of("169.254.170.2/32", Metadata, Reach.NamedByAddress), // Amazon, containers
        Of("169.254.170.23/32", Metadata, Reach.NamedByAddress), // Amazon, pods
        Of("169.254.0.23/32", Metadata, Reach.NamedByAddress), // Tencent
        Of("169.254.42.42/32", Metadata, Reach.NamedByAddress), // Scaleway
        Of("168.63.129.16/32", Metadata, Reach.NamedByAddress), // Azure
        Of("100.100.100.200/32", Metadata, Reach.NamedByAddress), // Alibaba
        Of("192.0.0.192/32", Metadata, Reach.NamedByAddress), // Oracle
        Of("fd00:ec2::254/128", Metadata, Reach.NamedByAddress), // Amazon
        Of("fd00:ec2::23/128", Metadata, Reach.NamedByAddress), // Amazon, pods
        Of("fd20:ce::254/128", Metadata, Reach.NamedByAddress), // Google
        Of("fd00:42::42/128", Metadata, Reach.NamedByAddress), // Scaleway
        Of("fe80::a9fe:a9fe/128", Metadata, Reach.NamedByAddress), // OpenStack
        Of("127.0.0.0/8", "loopback", Reach.Own),
        Of("10.0.0.0/8", "private network", Reach.Own),
        Of("172.16.0.0/12", "private network", Reach.Own),
        Of("192.168.0.0/16", "private network", Reach.Own),
        Of("0.0.0.0/8", "this network"),
        Of("100.64.0.0/10", "shared address space"),
        Of("169.254.0.0/16", "link-local", Reach.NamedByNetwork),
        Of("192.0.0.0/24", "protocol assignments"),
        Of("192.0.2.0/24", "documentation"),
        Of("192.88.99.0/24", "6to4 relay"),
        Of("198.18.0.0/15", "benchmarking"),
        Of("198.51.100.0/24", "documentation"),
        Of("203.0.113.0/24", "documentation"),
        Of("224.0.0.0/4", "multicast"),
        Of("240.0.0.0/4", "reserved or broadcast"),
        Of("::/128", "unspecified"),
        Of("::1/128", "loopback", Reach.Own),
        Of("::/96", "IPv4-compatible"),
        Of("::ffff:0:0:0/96", "IPv4-translated"),
        Of("64:ff9b::/96", "NAT64"),
        Of("64:ff9b:1::/48", "local NAT64"),
        Of("100::/64", "discard"),
        Of("2001::/32", "Teredo"),
        Of("2001::/23", "protocol assignments"),
        Of("2001:db8::/32", "documentation"),
        Of("2002::/16", "6to4"),
        Of("3fff::/20", "documentation"),
        Of("5f00::/16", "segment routing"),
        Of("fc00::/7", "private network", Reach.Own),
        Of("fe80::/10", "link-local", Reach.NamedByNetwork),
        Of("fec0::/10", "site-local"),
        Of("ff00::/8", "multicast"),
    ];

    /// <summary>The range that IPv6 assigns to globally reachable addresses.</summary>
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");

    private static readonly BlockedNetwork Unassigned = Of("::/0", "unassigned");

    /// <summary>Returns the blocked network that contains an address; null if the address is public.</summary>
    /// <param name="address">An IPv4 address, or an IPv6 one that is not IPv4-mapped.</param>
    public static BlockedNetwork? Holding(IPAddress address)
    {
        foreach (BlockedNetwork closed in All)
        {
            if (closed.Network.Contains(address))
            {
                return closed;
            }
        }

        bool ipv6 = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        return ipv6 && !Global.Contains(address) ? Unassigned : null;
    }

    private static BlockedNetwork Of(string network, string rule, Reach reach = Reach.Named) => new(IPNetwork.Parse(network), rule, reach);
}
