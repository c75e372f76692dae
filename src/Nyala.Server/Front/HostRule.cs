using System.Net;

namespace Nyala.Server.Front;

/// <summary>
/// Decides which host names the server accepts. A web page whose host name was pointed at this server's address (DNS rebinding) sends that name, and is
/// refused. DNS rebinding is not possible with an IP address, a name without a dot, or <c>localhost</c>.
/// </summary>
/// <param name="LocalOnly">Whether only this machine can reach the server. If so, only loopback addresses are accepted as IP addresses.</param>
/// <param name="Names">The server's host names. A name that begins with <c>*.</c> stands for every name below it.</param>
internal sealed record HostRule(bool LocalOnly, IReadOnlyCollection<string> Names)
{
    private const string Localhost = "localhost";

    /// <summary>Whether a request to this host, without its port, is accepted. An empty host is accepted, because browsers always send one.</summary>
    public bool Admits(string host)
    {
        string name = host.Trim('[', ']').TrimEnd('.');
        if (name.Length == 0 || IsOrBelow(name, Localhost) || Names.Any(own => Matches(own, name)))
        {
            return true;
        }

        if (IPAddress.TryParse(name, out IPAddress? address))
        {
            return !LocalOnly || IPAddress.IsLoopback(address);
        }

        return !LocalOnly && !name.Contains('.', StringComparison.Ordinal);
    }

    private static bool Matches(string own, string name) => own.StartsWith("*.", StringComparison.Ordinal)
        ? name.EndsWith(own[1..], StringComparison.OrdinalIgnoreCase)
        : name.Equals(own, StringComparison.OrdinalIgnoreCase);

    private static bool IsOrBelow(string name, string top) =>
        name.Equals(top, StringComparison.OrdinalIgnoreCase) || name.EndsWith("." + top, StringComparison.OrdinalIgnoreCase);
}
