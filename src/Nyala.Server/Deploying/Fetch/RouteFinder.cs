using System.Net;
using System.Net.Sockets;
using Nyala.Server.Deploying.Git;
using Nyala.Server.Outbound;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>
/// Vets the host of a repository in the same way as the hosts of hooks: the host is looked up once, every address is checked, and git is made to connect to a
/// checked address. If delivery attempts go through an egress proxy, git uses it too, and the proxy decides.
/// </summary>
internal sealed class RouteFinder(AddressGuard guard, IResolver resolver, OutboundOptions options, OutboundInstruments instruments, TimeProvider clock)
{
    private readonly ConnectorParts _connecting = new(guard, resolver, options, instruments, clock);
    private readonly GitVersion _version = new();

    /// <summary>Finds the route. If there is none, it is null and the reason says why.</summary>
    /// <exception cref="GitMissingException">git is not installed on this machine.</exception>
    public async Task<(FetchRoute? Route, string Reason)> FindAsync(RepositoryUrl url, CancellationToken cancellationToken)
    {
        if (options.Proxy.Length > 0)
        {
            return (new FetchRoute(url, [new("http.proxy", options.Proxy)]), "");
        }

        (IPAddress[] addresses, string refusal) = await ResolveAndCheckAsync(url, cancellationToken);
        if (refusal.Length > 0)
        {
            return (null, refusal);
        }

        // Uses no proxy, whatever any configuration says.
        GitSetting direct = new("http.proxy", "");
        if (IPAddress.TryParse(url.Host, out _))
        {
            return (new FetchRoute(url, [direct]), "");
        }

        return await _version.WhyNotPinningAsync(cancellationToken) is { } tooOld
            ? (null, tooOld)
            : (new FetchRoute(url, [direct, new("http.curloptResolve", $"{url.Host}:{url.Url.Port}:{string.Join(',', addresses.Select(Written))}")]), "");
    }

    /// <summary>Returns the refusal that is known before a name is looked up; null if there is none.</summary>
    public AddressRefusal? Judge(RepositoryUrl url) => guard.Judge(url.Url);

    private async Task<(IPAddress[] Addresses, string Refusal)> ResolveAndCheckAsync(RepositoryUrl url, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.ConnectTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return (await _connecting.ResolveAndCheckAsync(url.Host, url.Url.Port, either.Token), "");
        }
        catch (AddressRefusedException error)
        {
            return ([], error.Message);
        }
        catch (SocketException error)
        {
            return ([], error.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData
                ? $"The host name {url.Host} was not found."
                : $"The host name {url.Host} cannot be resolved right now ({error.Message}).");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ([], $"The host name {url.Host} was not resolved within {options.ConnectTimeout.TotalSeconds:0.#} s.");
        }
    }

    private static string Written(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
