using Nyala.Server.Delivery;
using Nyala.Server.Deployments;
using Nyala.Server.Outbound;
using Nyala.Server.Sites;

namespace Nyala.Server.Hosting;

/// <summary>All options of a server: those of the root, and a section for each room that has some.</summary>
internal sealed class NyalaOptions
{
    /// <summary>
    /// Where to listen: addresses with port, separated by semicolons; port 0 takes a free one. Default
    /// <c>http://127.0.0.1:8484</c>. On anything but loopback, hooks may reach public addresses only, see <c>Outbound:Allow</c>.
    /// </summary>
    public string Urls { get; set; } = "http://127.0.0.1:8484";

    /// <summary>The folder of the database, the keys and the admin token; made where it is not there. Default <c>./nyala-data</c>.</summary>
    public string Data { get; set; } = "./nyala-data";

    /// <summary>The address under which callers reach the server, where a proxy stands before it. Default: empty, what the caller used.</summary>
    public string PublicUrl { get; set; } = "";

    public SiteOptions Sites { get; set; } = new();

    public DeliveryOptions Delivery { get; set; } = new();

    public OutboundOptions Outbound { get; set; } = new();

    public DeploymentOptions Deployments { get; set; } = new();

    /// <summary>The addresses of <see cref="Urls"/>.</summary>
    public IReadOnlyList<string> Addresses => Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Whether only this machine reaches the server.</summary>
    public bool LocalOnly => Addresses.All(address => Uri.TryCreate(Named(address), UriKind.Absolute, out Uri? uri) && uri.IsLoopback);

    /// <summary>The host name that a site's events carry.</summary>
    public string HostOf(string site)
    {
        if (Sites.HostName.Length > 0)
        {
            return Sites.HostName.Replace("{site}", site, StringComparison.Ordinal);
        }

        return PublicUrl.Length > 0 ? new Uri(PublicUrl).Host : Environment.MachineName;
    }

    /// <summary>Everything that is wrong with the options, each with its key.</summary>
    public IReadOnlyList<string> Validate() =>
    [
        .. ValidateRoot(),
        .. Sites.Validate(),
        .. Delivery.Validate(),
        .. Outbound.Validate(),
        .. Deployments.Validate(),
    ];

    /// <summary>Kestrel's <c>*</c> and <c>+</c>, every address of the machine, are no hosts to a URL reader.</summary>
    private static string Named(string address) =>
        address.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);

    private IEnumerable<string> ValidateRoot()
    {
        if (Addresses.Count == 0)
        {
            yield return "Urls is empty: give an address such as http://127.0.0.1:8484.";
        }

        foreach (string address in Addresses)
        {
            if (!Uri.TryCreate(Named(address), UriKind.Absolute, out Uri? uri) || uri.Scheme != Uri.UriSchemeHttp || uri.AbsolutePath != "/")
            {
                yield return $"Urls holds '{address}': an address is http://HOST:PORT without a path.";
            }
        }

        if (string.IsNullOrWhiteSpace(Data))
        {
            yield return "Data is empty: give a folder.";
        }

        if (PublicUrl.Length > 0
            && (!Uri.TryCreate(PublicUrl, UriKind.Absolute, out Uri? open) || (open.Scheme != Uri.UriSchemeHttp && open.Scheme != Uri.UriSchemeHttps)))
        {
            yield return $"PublicUrl is '{PublicUrl}': it must be an http or https URL.";
        }
    }
}
