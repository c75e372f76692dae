using System.Net;

namespace Nyala.Server.Front;

/// <summary>The proxies whose word on the caller is taken: addresses, and networks as CIDR.</summary>
internal static class ProxyList
{
    /// <summary>Reads one entry; false if it is neither.</summary>
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
