using System.Net;
using System.Net.Sockets;

namespace Nyala.Server.Outbound;

/// <summary>Lists what an address stands for: itself, and each IPv4 address that a router or a network stack on the way may extract from it.</summary>
internal static class AddressForms
{
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");
    private static readonly IPNetwork Translated = IPNetwork.Parse("::ffff:0:0:0/96");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork LocalNat64 = IPNetwork.Parse("64:ff9b:1::/48");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");
    private static readonly IPNetwork ThisNetwork = IPNetwork.Parse("0.0.0.0/8");

    /// <summary>
    /// Returns all forms, embedded ones before the address that contains them. An IPv4-mapped address has only its IPv4 form, because it is sent as IPv4.
    /// </summary>
    public static IEnumerable<IPAddress> Of(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return [address];
        }

        // A zone id names an interface of this machine and must not affect comparisons.
        byte[] bytes = address.GetAddressBytes();
        var plain = new IPAddress(bytes);
        return plain.IsIPv4MappedToIPv6 ? [plain.MapToIPv4()] : [.. Within(plain, bytes), plain];
    }

    private static IEnumerable<IPAddress> Within(IPAddress plain, byte[] bytes)
    {
        if (plain.Equals(IPAddress.IPv6Any) || plain.Equals(IPAddress.IPv6Loopback))
        {
            return [];
        }

        if (Compatible.Contains(plain) || Translated.Contains(plain) || Nat64.Contains(plain) || IsIsatap(bytes))
        {
            return [Take(bytes, 12, 13, 14, 15)];
        }

        if (SixToFour.Contains(plain))
        {
            return [Take(bytes, 2, 3, 4, 5)];
        }

        if (Teredo.Contains(plain))
        {
            // The server's address, and the client's address with every bit inverted.
            byte[] client = [.. bytes[12..].Select(part => (byte)~part)];
            return [Take(bytes, 4, 5, 6, 7), new IPAddress(client)];
        }

        if (LocalNat64.Contains(plain))
        {
            // The owner of the network chooses the length of the prefix (RFC 6052), which determines the position of the IPv4 address. The other bits are zero.
            IPAddress[] readings = [Take(bytes, 12, 13, 14, 15), Take(bytes, 6, 7, 9, 10), Take(bytes, 7, 9, 10, 11), Take(bytes, 9, 10, 11, 12)];
            return readings.Where(reading => !ThisNetwork.Contains(reading));
        }

        return [];
    }

    /// <summary>Whether the address is an ISATAP address (RFC 5214), whose interface id contains an IPv4 address, in any network.</summary>
    private static bool IsIsatap(byte[] bytes) => (bytes[8] & ~0x02) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;

    private static IPAddress Take(byte[] bytes, int a, int b, int c, int d) => new([bytes[a], bytes[b], bytes[c], bytes[d]]);
}
