using System.Globalization;

namespace Nyala.Server.Sites;

/// <summary>The form of the host name in a site's events: a name or an address, optionally with a port.</summary>
internal static class HostForm
{
    /// <summary>The form, as error messages state it.</summary>
    public const string Rule = "a host name such as shop.example.com, optionally with a port (shop.example.com:8443), and without scheme and path";

    // A name has at most 253 characters (RFC 1035, 2.3.4). A colon and a port add at most 6.
    private const int MaxLength = 253 + 6;

    public static bool IsValid(string host)
    {
        if (host.Length is 0 or > MaxLength || !host.All(char.IsAscii))
        {
            return false;
        }

        int colon = host.LastIndexOf(':');
        bool hasPort = colon > host.LastIndexOf(']') && colon >= 0;
        string name = hasPort ? host[..colon] : host;
        return (!hasPort || IsPort(host[(colon + 1)..]))
            && Uri.CheckHostName(name) switch
            {
                UriHostNameType.Dns or UriHostNameType.IPv4 => true,
                UriHostNameType.IPv6 => name[0] == '[',
                _ => false,
            };
    }

    private static bool IsPort(string port) =>
        int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= 65535;
}
