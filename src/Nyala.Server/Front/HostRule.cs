using System.Net;

namespace Nyala.Server.Front;

/// <summary>
/// Which names the server answers to. A web page whose own name was turned to this server's address (DNS rebinding) sends that
/// name, and is refused; it can turn no address, no name of one word and no <c>localhost</c>.
/// </summary>
/// <param name="LocalOnly">Whether only this machine reaches the server: then no address but a loopback one is its own.</param>
/// <param name="Names">Names that are its own; one that begins with <c>*.</c> stands for everything below.</param>
internal sealed record HostRule(bool LocalOnly, IReadOnlyCollection<string> Names)
{
    private const string Localhost = "localhost";

    /// <summary>Whether a request to this host, without its port, is answered. Browsers never send none.</summary>
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
