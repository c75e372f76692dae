using System.Net;

namespace Nyala.Server.Front;

/// <summary>Parses the list of proxies whose forwarded headers are trusted: addresses, and networks in CIDR notation.</summary>
internal static class ProxyList
{
    /// <summary>Parses one entry. Returns false if it is neither an address nor a network.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out IPAddress? address))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }
}
