using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Nyala.Server.Access;
using Nyala.Server.Front;
using Nyala.Server.Http;

namespace Nyala.Server.Hosting;

/// <summary>Configures the web server and the steps that every request passes through.</summary>
internal static class Web
{
    // The time that the store gets after the lanes have used theirs.
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(15);

    public static void AddWeb(this WebApplicationBuilder builder, NyalaOptions options)
    {
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseSockets(sockets => sockets.CreateBoundListenSocket = place => Listen(place, options.LocalOnly)).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Delivery.EventLimit;
            if (options.Https.IsSet)
            {
                kestrel.UseServerCertificate();
            }

            // This must be last, because an https address uses the certificate that is set by then.
            foreach (ListenAddress address in options.Listens)
            {
                address.ListenOn(kestrel);
            }
        });
        var start = new StartPhase();
        builder.Logging
            .SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", start.Tells)
            .AddFilter("Orleans.Runtime.MembershipService", start.Tells)
            .AddFilter("Nyala", LogLevel.Information)

            // Its advice does not apply here: server GC would cost memory without a benefit on one machine, and the key folder is private.
            .AddFilter("Orleans.Runtime.Silo", LogLevel.Error)

            // The watchdog would mistake the time since the machine started for a stall.
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error)
            .AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error)
            .AddConsoleLines();
        builder.Services
            .AddSingleton<IHostedService>(start)
            .Configure<HostOptions>(host => host.ShutdownTimeout = options.Delivery.StopTimeout + StopMargin)
            .AddRouting()
            .AddProblemDetails()
            .AddFront(options)
            .AddExceptionHandler<UnhandledExceptionHandler>();
    }

    public static void UseWeb(this WebApplication app)
    {
        app.UseForwarding(app.Services.GetRequiredService<NyalaOptions>());
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseFrontDoor();
        app.UseHeadForGet();
        app.UseRouting();
        app.UseAccess();
        app.UseRequestChecks();
    }

    /// <summary>
    /// Enables TCP keep-alive, so that a peer that disappears silently (a laptop that sleeps during a push, a pulled cable) is detected after two minutes.
    /// Accepted connections inherit the setting.
    /// </summary>
    private static Socket Listen(EndPoint endPoint, bool localOnly)
    {
        // The address guard lets hooks reach this machine's own networks only because nobody else can reach the server.
        if (localOnly && endPoint is IPEndPoint place && !IPAddress.IsLoopback(place.Address))
        {
            throw new ServerStartException($"The server is treated as local, but was about to listen on {place}. This is a fault of the server.");
        }

        Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
        if (socket.ProtocolType == ProtocolType.Tcp)
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 15);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
        }

        return socket;
    }
}
