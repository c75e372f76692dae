using System.Globalization;

namespace Nyala.Server.Sites;

/// <summary>The form of the host name that a site's events carry: a name or an address, with a port if it has one.</summary>
internal static class HostForm
{
    /// <summary>What a refusal says of the form.</summary>
    public const string Rule = "a host name such as shop.example.com, with a port where it has one (shop.example.com:8443), without scheme and path";

    // RFC 1035, 2.3.4: a name has 253 characters at most; then a colon and a port.
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
