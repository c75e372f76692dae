using Nyala.Server.Delivery;
using Nyala.Server.Deploying;
using Nyala.Server.Deployments;
using Nyala.Server.Front;
using Nyala.Server.Hosting;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Channels;
using Nyala.Server.Sites;
using Nyala.Server.Telemetry;

namespace Nyala.Server;

/// <summary>The options of a server: root options, and one section for each room that has options.</summary>
internal sealed class NyalaOptions
{
    /// <summary>
    /// The addresses to listen on: <c>http://</c> or <c>https://</c> addresses with a port, separated by semicolons; port 0 takes a free port. A host is an IP
    /// address, <c>localhost</c>, or <c>*</c> for every address of the machine; other names are refused. Default <c>http://127.0.0.1:8484</c>. <c>https://</c>
    /// needs a certificate, see <c>Https</c>. If any address is not loopback, hooks can reach only public addresses, see <c>Outbound:Allow</c>.
    /// </summary>
    public string Urls { get; set; } = "http://127.0.0.1:8484";

    /// <summary>The folder of the database, the keys and the admin token. It is created if it does not exist. Default <c>./nyala-data</c>.</summary>
    public string Data { get; set; } = "./nyala-data";

    /// <summary>The URL at which callers reach the server, if it is behind a proxy. Default: empty, the URL that the caller used.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>
    /// Names that callers may use for the server in addition to its addresses, <c>localhost</c>, the machine's name and the host of
    /// <c>PublicUrl</c>. Each is a host name without a port; <c>*.example.com</c> matches every name below it. Default: none.
    /// </summary>
    public string[] AllowedHosts { get; set; } = [];

    /// <summary>
    /// The proxies whose <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> are trusted: addresses, or networks in CIDR notation. Default: none,
    /// because the sender of these headers chooses the address that the request appears to come from.
    /// </summary>
    public string[] Proxies { get; set; } = [];

    public HttpsOptions Https { get; set; } = new();

    public SiteOptions Sites { get; set; } = new();

    public DeliveryOptions Delivery { get; set; } = new();

    public OutboundOptions Outbound { get; set; } = new();

    public ChannelOptions Channels { get; set; } = new();

    public DeploymentOptions Deployments { get; set; } = new();

    public DeployingOptions Deploying { get; set; } = new();

    public TelemetryOptions Telemetry { get; set; } = new();

    /// <summary>The addresses of <see cref="Urls"/>.</summary>
    public IReadOnlyList<string> Addresses => Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>
    /// The parsed <see cref="Addresses"/>, which the server binds. Addresses that cannot be parsed are left out; <see cref="Validate"/> reports them.
    /// </summary>
    public IEnumerable<ListenAddress> Listens => Addresses.Select(address => ListenAddress.Parse(address, out _)).OfType<ListenAddress>();

    /// <summary>Whether only this machine can reach the server.</summary>
    public bool LocalOnly => Addresses.All(address => ListenAddress.Parse(address, out _) is { IsLocal: true });

    /// <summary>Returns every error in the options. Each error names its configuration key.</summary>
    public IReadOnlyList<string> Validate() =>
    [
        .. ValidateRoot(),
        .. Https.Validate(Addresses.Any(IsHttps)),
        .. Sites.Validate(),
        .. Delivery.Validate(),
        .. Outbound.Validate(),
        .. Channels.Validate(),
        .. Deployments.Validate(),
        .. Deploying.Validate(),
        .. Telemetry.Validate(),
    ];

    private static bool IsHttps(string address) => address.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private IEnumerable<string> ValidateRoot()
    {
        if (Addresses.Count == 0)
        {
            yield return "Urls is empty. Set it to an address such as http://127.0.0.1:8484.";
        }

        foreach (string address in Addresses)
        {
            if (ListenAddress.Parse(address, out string reason) is null)
            {
                yield return $"Urls contains '{address}': {reason}";
            }
        }

        if (string.IsNullOrWhiteSpace(Data))
        {
            yield return "Data is empty. Set it to a folder.";
        }

        if (PublicUrl.Length > 0
            && (!Uri.TryCreate(PublicUrl, UriKind.Absolute, out Uri? open) || (open.Scheme != Uri.UriSchemeHttp && open.Scheme != Uri.UriSchemeHttps)))
        {
            yield return $"PublicUrl is '{PublicUrl}': it must be an http or https URL.";
        }

        foreach (string host in AllowedHosts)
        {
            string name = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
            if (Uri.CheckHostName(name) is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6))
            {
                yield return $"AllowedHosts contains '{host}': an entry must be a host name without scheme and port, or *.NAME for every subdomain.";
            }
        }

        foreach (string proxy in Proxies)
        {
            if (!ProxyList.TryParse(proxy, out _))
            {
                yield return $"Proxies contains '{proxy}': an entry must be an address such as 10.0.0.1, or a network such as 10.0.0.0/8.";
            }
        }
    }
}
