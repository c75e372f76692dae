using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Nyala.Server.Outbound;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound;

/// <summary>Whom a hook trusts and what it shows of itself, at a receiver that speaks TLS and keeps its connections open.</summary>
public sealed class TrustTests : IAsyncLifetime
{
    private readonly X509Certificate2 _authority = Certificates.Authority("authority");
    private readonly X509Certificate2 _other = Certificates.Authority("other");
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2 _client;
    private readonly SenderUnderTest _sender = new();
    private readonly HashSet<string> _connections = [];
    private WebApplication? _receiver;
    private string? _seen;

    public TrustTests()
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
        _sender.Dispose();
        await _receiver!.DisposeAsync();
        foreach (X509Certificate2 certificate in (X509Certificate2[])[_authority, _other, _certificate, _client])
        {
            certificate.Dispose();
        }
    }

    [Fact]
    public async Task Who_trusts_the_receivers_authority_calls_it_and_nobody_else_does_over_the_same_connection()
    {
        var trusting = new Trust(Authorities: _authority.ExportCertificatePem());

        Assert.Equal(200, (await SendAsync(trusting)).Status);
        Assert.Equal(200, (await SendAsync(Trust.DangerousNone)).Status);
        await AssertRefusedAsync(Trust.System);
        await AssertRefusedAsync(new Trust(Authorities: _other.ExportCertificatePem()));
        Assert.Equal(200, (await SendAsync(new Trust(Authorities: _authority.ExportCertificatePem()))).Status);
        Assert.Equal(2, _connections.Count);
    }

    [Fact]
    public async Task An_authority_vouches_for_the_name_as_well()
    {
        int port = new Uri(_receiver!.Urls.First()).Port;
        using var sender = new Sender(new OutboundOptions(), new AddressGuard(ownOpen: true, []), new ScriptedResolver([["127.0.0.1"]]), Some.OutboundInstruments(), TimeProvider.System);
        Target target = SenderUnderTest.Target(new Uri($"https://elsewhere.example:{port}/")) with { Trust = new Trust(Authorities: _authority.ExportCertificatePem()) };

        AttemptOutcome outcome = (await sender.SendAsync(new Attempt(target, "msg_1", "Some", 1, "{}"u8.ToArray()), TestContext.Current.CancellationToken))!;

        Assert.StartsWith("TLS failed: ", outcome.Reason, StringComparison.Ordinal);
        Assert.Empty(_connections);
    }

    [Fact]
    public async Task A_client_certificate_is_shown_by_the_hook_that_has_it_alone()
    {
        var known = new Trust(Authorities: _authority.ExportCertificatePem(), Client: Certificates.WithKey(_client));

        await SendAsync(known);
        string? first = _seen;
        await SendAsync(known with { Client = null });
        string? second = _seen;
        await SendAsync(Trust.DangerousNone);
        string? third = _seen;
        await SendAsync(new Trust(Insecure: true, Client: Certificates.WithKey(_client)));

        Assert.Equal(("CN=client", null, null, "CN=client"), (first, second, third, _seen));
    }

    [Fact]
    public async Task A_client_certificate_that_cannot_be_read_is_no_fault_of_the_receiver()
    {
        AttemptOutcome outcome = await SendAsync(new Trust(Client: "nonsense"));

        Assert.Equal(OutcomeKind.OurFault, outcome.Kind);
        Assert.StartsWith("A certificate of the hook cannot be read", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_handshake_is_timed()
    {
        Timings first = (await SendAsync(Trust.DangerousNone)).Timings;
        Timings second = (await SendAsync(Trust.DangerousNone)).Timings;

        Assert.True(first.Opening!.Tls > TimeSpan.Zero);
        Assert.InRange(first.Opening.Connect + first.Opening.Tls!.Value, TimeSpan.Zero, first.FirstByte!.Value);
        Assert.Null(second.Opening);
    }

    [Fact]
    public async Task An_issuer_is_not_fetched_from_where_a_certificate_says()
    {
        // Its certificate names an authority that nobody sent, and where to fetch it: a way into the network past the guard.
        await using Receiver store = await Receiver.StartAsync();
        using X509Certificate2 intermediate = Certificates.Authority("unsent");
        using X509Certificate2 leaf = Certificates.Issue(intermediate, "receiver", issuerAt: store.Url);
        var context = SslStreamCertificateContext.Create(leaf, null, offline: true);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        foreach (Trust trust in (Trust[])[Trust.System, Trust.DangerousNone, new Trust(Authorities: _other.ExportCertificatePem())])
        {
            Task<AttemptOutcome> sending = _sender.SendAsync(SenderUnderTest.Target(new Uri($"https://{listener.LocalEndpoint}/")) with { Trust = trust });
            using (Socket connection = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken))
            {
                await using var tls = new SslStream(new NetworkStream(connection));
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = context }, TestContext.Current.CancellationToken);
                await ReadAllAsync(tls);
            }

            await sending.InTimeAsync();
        }

        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void Handlers_are_bounded_and_those_in_use_are_kept()
    {
        var clock = new SignalClock();
        var parts = new ConnectorParts(new AddressGuard(true, []), new SystemResolver(), new OutboundOptions(), Some.OutboundInstruments(), clock);
        using var pools = new ConnectionPools(parts);
        Trust[] trusts = [.. Enumerable.Range(0, ConnectionPools.MaxKept + 10).Select(_ => OwnTrust())];

        using (ConnectionPools.Loan used = pools.Lend(trusts[0]))
        {
            foreach (Trust trust in trusts[1..])
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                pools.Lend(trust).Dispose();
            }

            Assert.Equal(ConnectionPools.MaxKept, pools.Count);
            Assert.Same(used.Invoker, Invoker(pools, trusts[0]));
            Assert.Same(Invoker(pools, trusts[^1]), Invoker(pools, trusts[^1] with { }));
            clock.Advance(ConnectionPools.MaxIdle);
            using ConnectionPools.Loan late = pools.Lend(trusts[^1]);
            Assert.Equal(2, pools.Count);
        }

        pools.Lend(Trust.System).Dispose();
        pools.Lend(Trust.DangerousNone).Dispose();
        Assert.Equal(2, pools.Count);
    }

    /// <summary>Reads a request or the client's refusal, whichever comes.</summary>
    private static async Task ReadAllAsync(SslStream tls)
    {
        try
        {
            await tls.ReadAtLeastAsync(new byte[16], 1, throwOnEndOfStream: false, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // It was refused.
        }
    }

    private static HttpMessageInvoker Invoker(ConnectionPools pools, Trust trust)
    {
        using ConnectionPools.Loan loan = pools.Lend(trust);
        return loan.Invoker;
    }

    private static Trust OwnTrust()
    {
        using X509Certificate2 authority = Certificates.Authority("some");
        return new Trust(Authorities: authority.ExportCertificatePem());
    }

    private Task<AttemptOutcome> SendAsync(Trust trust) =>
        _sender.SendAsync(SenderUnderTest.Target(new Uri(_receiver!.Urls.First())) with { Trust = trust });

    private async Task AssertRefusedAsync(Trust trust) =>
        Assert.StartsWith("TLS failed: ", (await SendAsync(trust)).Reason, StringComparison.Ordinal);
}
