using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Nyala.Server.Hosting;

/// <summary>
/// An address of <c>Urls</c>, parsed once: the same value decides what is bound and whether only this machine can reach it. Kestrel's own parser would bind
/// every address for a host name that it does not know.
/// </summary>
/// <param name="IsHttps">Whether it uses TLS.</param>
/// <param name="Ip">The IP address to bind: the unspecified IPv6 address for every address of the machine, the IPv4 loopback address for <c>localhost</c>.</param>
/// <param name="Port">The port; 0 for any free port.</param>
/// <param name="IsLocalhost">Whether it is <c>localhost</c>: the loopback addresses of IPv4 and IPv6.</param>
internal sealed record ListenAddress(bool IsHttps, IPAddress Ip, int Port, bool IsLocalhost = false)
{
    private const string Localhost = "localhost";
    private const string SchemeEnd = "://";

    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLocal => IPAddress.IsLoopback(Ip);

    /// <summary>Parses an address. Returns null and the reason if it is refused.</summary>
    public static ListenAddress? Parse(string text, out string reason)
    {
        string host = HostOf(text);
        bool every = host is "*" or "+";
        string readable = every ? text.Replace(SchemeEnd + host, SchemeEnd + IPAddress.Any, StringComparison.Ordinal) : text;
        reason = "";
        if (!Uri.TryCreate(readable, UriKind.Absolute, out Uri? uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.UserInfo.Length > 0 || uri.PathAndQuery != "/" || uri.Fragment.Length > 0)
        {
            reason = "an address must be http://HOST:PORT or https://HOST:PORT, without a path.";
            return null;
        }

        bool https = uri.Scheme == Uri.UriSchemeHttps;
        if (every)
        {
            return new ListenAddress(https, IPAddress.IPv6Any, uri.Port);
        }

        if (host.Equals(Localhost, StringComparison.OrdinalIgnoreCase))
        {
            reason = uri.Port == 0 ? "localhost stands for two addresses, which cannot share a free port. Use http://127.0.0.1:0." : "";
            return uri.Port == 0 ? null : new ListenAddress(https, IPAddress.Loopback, uri.Port, IsLocalhost: true);
        }

        if (IPAddress.TryParse(Uri.UnescapeDataString(uri.DnsSafeHost), out IPAddress? ip))
        {
            return new ListenAddress(https, ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip, uri.Port);
        }

        reason = $"the host must be an IP address, localhost, or * for every address of this machine, not the name '{host}'. "
            + "Use one of these, and add the names that clients use to AllowedHosts.";
        return null;
    }

    /// <summary>Makes Kestrel listen on the address.</summary>
    public void ListenOn(KestrelServerOptions kestrel)
    {
        if (IsLocalhost)
        {
            kestrel.ListenLocalhost(Port, Secure);
        }
        else if (Ip.Equals(IPAddress.IPv6Any))
        {
            // This also works on a machine without IPv6.
            kestrel.ListenAnyIP(Port, Secure);
        }
        else
        {
            kestrel.Listen(Ip, Port, Secure);
        }
    }

    /// <summary>Returns the host as it is written, because the URL parser turns some names into <c>localhost</c>.</summary>
    private static string HostOf(string text)
    {
        int scheme = text.IndexOf(SchemeEnd, StringComparison.Ordinal);
        string rest = scheme < 0 ? text : text[(scheme + SchemeEnd.Length)..];
        string authority = rest.Split('/', '?', '#')[0];
        int port = authority.LastIndexOf(':');
        return port < 0 || authority.EndsWith(']') ? authority : authority[..port];
    }

    private void Secure(ListenOptions listen)
    {
        if (IsHttps)
        {
            listen.UseHttps();
        }
    }
}
