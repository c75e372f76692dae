using System.Net;

namespace Nyala.Server.Outbound;

/// <summary>
/// Says whether a hook may reach an address and a port. Judged on the address that is connected to, at every connect, and never on a name, so
/// that neither a changed DNS answer nor an odd notation gets round it; an entry that opens a host changes nothing in that.
/// </summary>
internal sealed class AddressGuard
{
    private readonly bool _ownOpen;
    private readonly AllowEntry[] _allowed;
    private readonly bool _proxied;

    /// <summary>Makes a guard.</summary>
    /// <param name="ownOpen">Whether loopback and private networks are open: so on a server that only its own machine reaches.</param>
    /// <param name="allowed">What the operator opened.</param>
    public AddressGuard(bool ownOpen, IEnumerable<AllowEntry> allowed)
        : this(ownOpen, allowed, proxied: false)
    {
    }

    private AddressGuard(bool ownOpen, IEnumerable<AllowEntry> allowed, bool proxied) => (_ownOpen, _allowed, _proxied) = (ownOpen, [.. allowed], proxied);

    /// <summary>Refuses no address: an egress proxy resolves the names and does the vetting.</summary>
    public static AddressGuard LeftToProxy { get; } = new(ownOpen: true, [], proxied: true);

    /// <summary>Judges what can be judged of a url without resolving its host: a literal address and the port; null if it may be tried.</summary>
    public AddressRefusal? Judge(Uri url)
    {
        string host = url.IdnHost.TrimEnd('.');
        return Judge(host, url.Port, IPAddress.TryParse(host, out IPAddress? literal) ? [literal] : []);
    }

    /// <summary>Judges a connection; null if it may be made. One refused address among several refuses all.</summary>
    /// <param name="host">The host of the url: a name, or an address without brackets.</param>
    /// <param name="port">The port.</param>
    /// <param name="addresses">What the host resolved to; empty if that is not known yet.</param>
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

        // If the rule is about an embedded IPv4 address, the refusal must name it.
        string rule = refused.Length == 0 ? closedAs!
            : refused[0].Form.Equals(forms[^1]) ? refused[0].Closed.Rule
            : $"{refused[0].Closed.Rule} ({refused[0].Form} within)";
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

    /// <summary>The entry that would open a host or an address, and a port of the short list; nothing opens what cannot be.</summary>
    private static string[] Opening(string place, int? port)
    {
        string written = port is { } number && place.Contains(':', StringComparison.Ordinal) ? $"[{place}]:{number}" : port is null ? place : $"{place}:{port}";
        return AllowEntry.Parse(written, out _) is null ? [] : [written];
    }
}
