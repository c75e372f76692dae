using System.Net.NetworkInformation;
using System.Security.Authentication;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Nyala.Server.Front;

/// <summary>What a request passes before anything else: TLS, proxies, and the names and origins that are the server's own.</summary>
internal static class FrontSetup
{
    public static IServiceCollection AddFront(this IServiceCollection services, NyalaOptions options)
    {
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;

            // The framework would trust loopback unasked, which every user of the machine is.
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

    /// <summary>Gives the <c>https://</c> addresses their certificate.</summary>
    public static void UseServerCertificate(this KestrelServerOptions kestrel) => kestrel.ConfigureHttpsDefaults(https =>
    {
        ServerCertificate certificate = kestrel.ApplicationServices.GetRequiredService<ServerCertificate>();
        https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;

        // The selector alone would show the certificate without what signed it, which clients then miss.
        https.ServerCertificateSelector = (_, _) => certificate.Current.TargetCertificate;
        https.OnAuthenticate = (_, tls) =>
        {
            tls.ServerCertificateSelectionCallback = null;
            tls.ServerCertificateContext = certificate.Current;
        };
    });

    public static void UseForwarding(this WebApplication app, NyalaOptions options)
    {
        // Without a name on its list, the framework would believe everyone.
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
