using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Channels.Http;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound.Channels.Http;

/// <summary>The trusted authorities and client certificates of hooks, with a TLS receiver that keeps its connections open.</summary>
public sealed class TlsSettingsTests : IAsyncLifetime
{
    private readonly X509Certificate2 _authority = Certificates.Authority("authority");
    private readonly X509Certificate2 _other = Certificates.Authority("other");
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2 _client;
    private readonly HttpChannelUnderTest _channel = new();
    private readonly HashSet<string> _connections = [];
    private WebApplication? _receiver;
    private string? _seen;

    public TlsSettingsTests()
    {
        _certificate = Certificates.Issue(_authority, "receiver");
        _client = Certificates.Issue(_other, "client");
    }

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
            {
                https.ServerCertificate = _certificate;
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            })));
        _receiver = builder.Build();
        _receiver.Run(context =>
        {
            _connections.Add(context.Connection.Id);
            _seen = context.Connection.ClientCertificate?.Subject;
            return Task.CompletedTask;
        });
        await _receiver.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _receiver!.DisposeAsync();
        foreach (X509Certificate2 certificate in (X509Certificate2[])[_authority, _other, _certificate, _client])
        {
            certificate.Dispose();
        }
    }

    [Fact]
    public async Task A_connection_is_not_used_for_a_hook_that_does_not_trust_the_receiver()
    {
        var trusting = new TlsSettings(Authorities: _authority.ExportCertificatePem());

        Assert.Equal(200, (await SendAsync(trusting)).Status);
        Assert.Equal(200, (await SendAsync(TlsSettings.DangerousNone)).Status);
        await AssertRefusedAsync(TlsSettings.System);
        await AssertRefusedAsync(new TlsSettings(Authorities: _other.ExportCertificatePem()));
        Assert.Equal(200, (await SendAsync(new TlsSettings(Authorities: _authority.ExportCertificatePem()))).Status);
        Assert.Equal(2, _connections.Count);
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused_even_from_a_trusted_authority()
    {
        int port = new Uri(_receiver!.Urls.First()).Port;
        using var channel = new HttpChannelUnderTest(resolver: new ScriptedResolver([["127.0.0.1"]]));
        HttpTarget target = channel.Target(new Uri($"https://elsewhere.example:{port}/")) with { Tls = new TlsSettings(Authorities: _authority.ExportCertificatePem()) };

        AttemptOutcome outcome = await channel.SendAsync(target);

        Assert.StartsWith("TLS failed: ", outcome.Reason, StringComparison.Ordinal);
        Assert.Empty(_connections);
    }

    [Fact]
    public async Task A_client_certificate_is_sent_only_for_the_hook_that_has_it()
    {
        var known = new TlsSettings(Authorities: _authority.ExportCertificatePem(), Client: Certificates.WithKey(_client));

        await SendAsync(known);
        string? first = _seen;
        await SendAsync(known with { Client = null });
        string? second = _seen;
        await SendAsync(TlsSettings.DangerousNone);
        string? third = _seen;
        await SendAsync(new TlsSettings(Insecure: true, Client: Certificates.WithKey(_client)));

        Assert.Equal(("CN=client", null, null, "CN=client"), (first, second, third, _seen));
    }

    [Fact]
    public async Task An_unreadable_client_certificate_is_a_fault_of_the_server()
    {
        AttemptOutcome outcome = await SendAsync(new TlsSettings(Client: "nonsense"));

        Assert.Equal(OutcomeKind.OurFault, outcome.Kind);
        Assert.StartsWith("A certificate of the hook cannot be read", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_TLS_handshake_is_timed()
    {
        Timings first = (await SendAsync(TlsSettings.DangerousNone)).Timings;
        Timings second = (await SendAsync(TlsSettings.DangerousNone)).Timings;

        Assert.True(first.Opening!.Tls > TimeSpan.Zero);
        Assert.InRange(first.Opening.Connect + first.Opening.Tls!.Value, TimeSpan.Zero, first.FirstByte!.Value);
        Assert.Null(second.Opening);
    }

    [Fact]
    public async Task An_issuer_is_not_fetched_from_the_url_in_a_certificate()
    {
        // The certificate names an issuer that was not sent and the URL to fetch it from. A fetch would reach the network past the guard.
        await using Receiver store = await Receiver.StartAsync();
        using X509Certificate2 intermediate = Certificates.Authority("unsent");
        using X509Certificate2 leaf = Certificates.Issue(intermediate, "receiver", issuerAt: store.Url);
        var context = SslStreamCertificateContext.Create(leaf, null, offline: true);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        foreach (TlsSettings tls in (TlsSettings[])[TlsSettings.System, TlsSettings.DangerousNone, new TlsSettings(Authorities: _other.ExportCertificatePem())])
        {
            Task<AttemptOutcome> sending = _channel.SendAsync(_channel.Target(new Uri($"https://{listener.LocalEndpoint}/")) with { Tls = tls });
            using (Socket connection = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken))
            {
                await using var ssl = new SslStream(new NetworkStream(connection));
                await ssl.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = context }, TestContext.Current.CancellationToken);
                await ReadAllAsync(ssl);
            }

            await sending.InTimeAsync();
        }

        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void The_number_of_pools_is_limited_and_pools_in_use_are_kept()
    {
        var clock = new SignalClock();
        var parts = new ConnectorParts(new AddressGuard(true, []), new SystemResolver(), new OutboundOptions(), Some.OutboundInstruments(), clock);
        using var pools = new ConnectionPools(parts);
        TlsSettings[] all = [.. Enumerable.Range(0, ConnectionPools.MaxKept + 10).Select(_ => OwnAuthority())];

        using (ConnectionPools.Lease used = pools.Rent(all[0]))
        {
            foreach (TlsSettings tls in all[1..])
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                pools.Rent(tls).Dispose();
            }

            Assert.Equal(ConnectionPools.MaxKept, pools.Count);
            Assert.Same(used.Invoker, Invoker(pools, all[0]));
            Assert.Same(Invoker(pools, all[^1]), Invoker(pools, all[^1] with { }));
            clock.Advance(ConnectionPools.MaxIdle);
            using ConnectionPools.Lease late = pools.Rent(all[^1]);
            Assert.Equal(2, pools.Count);
        }

        pools.Rent(TlsSettings.System).Dispose();
        pools.Rent(TlsSettings.DangerousNone).Dispose();
        Assert.Equal(2, pools.Count);
    }

    /// <summary>Reads until the client sends a request or refuses the connection.</summary>
    private static async Task ReadAllAsync(SslStream tls)
    {
        try
        {
            await tls.ReadAtLeastAsync(new byte[16], 1, throwOnEndOfStream: false, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // The client refused the connection.
        }
    }

    private static HttpMessageInvoker Invoker(ConnectionPools pools, TlsSettings tls)
    {
        using ConnectionPools.Lease lease = pools.Rent(tls);
        return lease.Invoker;
    }

    private static TlsSettings OwnAuthority()
    {
        using X509Certificate2 authority = Certificates.Authority("some");
        return new TlsSettings(Authorities: authority.ExportCertificatePem());
    }

    private Task<AttemptOutcome> SendAsync(TlsSettings tls) =>
        _channel.SendAsync(_channel.Target(new Uri(_receiver!.Urls.First())) with { Tls = tls });

    private async Task AssertRefusedAsync(TlsSettings tls) =>
        Assert.StartsWith("TLS failed: ", (await SendAsync(tls)).Reason, StringComparison.Ordinal);
}
