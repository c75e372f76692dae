using System.Net.NetworkInformation;
using System.Security.Authentication;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Nyala.Server.Front;

/// <summary>Adds the checks that a request passes first: TLS, forwarded headers, and the host names and origins of the server.</summary>
internal static class FrontSetup
{
    public static IServiceCollection AddFront(this IServiceCollection services, NyalaOptions options)
    {
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;

            // By default the framework trusts loopback, from which every user of the machine can send.
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            forwarded.ForwardLimit = null;
            foreach (string proxy in options.Proxies)
            {
                if (ProxyList.TryParse(proxy, out System.Net.IPNetwork network))
                {
                    forwarded.KnownIPNetworks.Add(network);
                }
            }
        });
        return services
            .AddSingleton(options.Https)
            .AddSingleton<ServerCertificate>()
            .AddSingleton(new HostRule(options.LocalOnly, [.. Names(options).Distinct(StringComparer.OrdinalIgnoreCase)]))
            .AddSingleton(new FrontDoor.Settings(
                "/healthz", options.PublicUrl.Length > 0 ? new Uri(options.PublicUrl).GetLeftPart(UriPartial.Authority) : null));
    }

    /// <summary>Sets the certificate of the <c>https://</c> addresses.</summary>
    public static void UseServerCertificate(this KestrelServerOptions kestrel) => kestrel.ConfigureHttpsDefaults(https =>
    {
        ServerCertificate certificate = kestrel.ApplicationServices.GetRequiredService<ServerCertificate>();
        https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;

        // The selector alone would send the certificate without the certificates that signed it, which clients need.
        https.ServerCertificateSelector = (_, _) => certificate.Current.TargetCertificate;
        https.OnAuthenticate = (_, tls) =>
        {
            tls.ServerCertificateSelectionCallback = null;
            tls.ServerCertificateContext = certificate.Current;
        };
    });

    public static void UseForwarding(this WebApplication app, NyalaOptions options)
    {
        // With an empty list, the framework would trust every sender.
        if (options.Proxies.Length > 0)
        {
            app.UseForwardedHeaders();
        }
    }

    public static void UseFrontDoor(this WebApplication app) => app.UseMiddleware<FrontDoor>();

    private static IEnumerable<string> Names(NyalaOptions options)
    {
        IPGlobalProperties machine = IPGlobalProperties.GetIPGlobalProperties();
        yield return Environment.MachineName;
        if (machine.DomainName.Length > 0)
        {
            yield return $"{machine.HostName}.{machine.DomainName}";
        }

        if (options.PublicUrl.Length > 0)
        {
            yield return new Uri(options.PublicUrl).Host;
        }

        foreach (string name in options.AllowedHosts)
        {
            yield return name;
        }
    }
}
