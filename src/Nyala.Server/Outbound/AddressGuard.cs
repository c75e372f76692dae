using System.Net;

namespace Nyala.Server.Outbound;

/// <summary>
/// Decides whether a hook may reach an address and a port. It judges the address of each connection and never a name, so that neither a changed DNS answer nor
/// an odd notation bypasses it. An entry for a host does not change this: the addresses that the host resolves to are judged at each connection.
/// </summary>
internal sealed class AddressGuard
{
    private readonly bool _ownOpen;
    private readonly AllowEntry[] _allowed;
    private readonly bool _proxied;

    /// <summary>Creates a guard.</summary>
    /// <param name="ownOpen">Whether loopback and private networks are open, as on a server that only its own machine can reach.</param>
    /// <param name="allowed">The entries of the operator.</param>
    public AddressGuard(bool ownOpen, IEnumerable<AllowEntry> allowed)
        : this(ownOpen, allowed, proxied: false)
    {
    }

    private AddressGuard(bool ownOpen, IEnumerable<AllowEntry> allowed, bool proxied) => (_ownOpen, _allowed, _proxied) = (ownOpen, [.. allowed], proxied);

    /// <summary>
    /// A guard for an egress proxy, which resolves the names and decides what may be reached. It refuses only hosts that are disguised addresses.
    /// </summary>
    public static AddressGuard ForProxy { get; } = new(ownOpen: true, [], proxied: true);

    /// <summary>Judges a URL as far as possible without resolving its host, by a literal address and the port. Returns null if the URL may be tried.</summary>
    public AddressRefusal? Judge(Uri url)
    {
        string host = url.IdnHost.TrimEnd('.');
        return Judge(host, url.Port, IPAddress.TryParse(host, out IPAddress? literal) ? [literal] : []);
    }

    /// <summary>Judges a connection. Returns null if it is allowed. If one of several addresses is refused, the connection is refused.</summary>
    /// <param name="host">The host of the URL: a name, or an address without brackets.</param>
    /// <param name="port">The port.</param>
    /// <param name="addresses">The addresses that the host resolved to; empty if they are not known yet.</param>
    public AddressRefusal? Judge(string host, int port, IReadOnlyList<IPAddress> addresses)
    {
        if (HostSpelling.IsDisguisedAddress(host))
        {
            return new AddressRefusal(host, port, null, "its host is an address only after Unicode normalization; write the address in ASCII digits", []);
        }

        if (_proxied)
        {
            return null;
        }

        bool literal = IPAddress.TryParse(host, out _);
        if (addresses.Count == 0)
        {
            bool open = _allowed.Any(entry => entry.Port == port && (entry.Host is null || entry.Names(host)));
            return BlockedPort.RuleOf(port) is { } rule && !open ? new AddressRefusal(host, port, null, rule, Opening(host, port)) : null;
        }

        foreach (IPAddress address in addresses)
        {
            if (JudgeOne(host, port, address, literal) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private AddressRefusal? JudgeOne(string host, int port, IPAddress address, bool literal)
    {
        string name = literal ? "" : host;
        IPAddress[] forms = [.. AddressForms.Of(address)];
        (IPAddress Form, BlockedNetwork Closed)[] refused =
        [
            .. forms.Select(form => (form, BlockedNetwork.Holding(form)!)).Where(item => item.Item2 is not null && !IsOpen(item.form, item.Item2, name, port)),
        ];
        string? closedAs = BlockedPort.RuleOf(port);
        bool portClosed = closedAs is not null && !_allowed.Any(entry => entry.Port == port && (entry.Names(name) || entry.Holds(forms[^1])));
        if (refused.Length == 0 && !portClosed)
        {
            return null;
        }

        // If the rule concerns an embedded IPv4 address, the refusal must name that address.
        string rule = refused.Length == 0 ? closedAs!
            : refused[0].Form.Equals(forms[^1]) ? refused[0].Closed.Rule
            : $"{refused[0].Closed.Rule} (it contains {refused[0].Form})";
        bool byName = !literal && refused.All(item => item.Closed.Reach is Reach.Own or Reach.Named);
        bool metadata = refused.Any(item => item.Closed.Reach == Reach.NamedByAddress);
        string[] entries = metadata ? []
            : byName ? Opening(host, portClosed ? port : null)
            : refused.Length == 0 ? Opening(forms[^1].ToString(), port)
            : [.. refused.SelectMany(item => Opening(item.Form.ToString(), portClosed ? port : null))];
        return new AddressRefusal(host, port, literal ? null : address, rule, entries);
    }

    private bool IsOpen(IPAddress form, BlockedNetwork closed, string name, int port) =>
        (closed.Reach == Reach.Own && _ownOpen) || _allowed.Any(entry => (entry.Port is null || entry.Port == port) && closed.Reach switch
        {
            Reach.NamedByAddress => entry.IsJust(form),
            Reach.NamedByNetwork => entry.Holds(form),
            _ => entry.Holds(form) || entry.Names(name),
        });

    /// <summary>
    /// Returns the entry that would open a host or an address, together with a blocked port if <paramref name="port"/> is not null. Empty if no valid entry
    /// would.
    /// </summary>
    private static string[] Opening(string place, int? port)
    {
        string written = port is { } number && place.Contains(':', StringComparison.Ordinal) ? $"[{place}]:{number}" : port is null ? place : $"{place}:{port}";
        return AllowEntry.Parse(written, out _) is null ? [] : [written];
    }
}
