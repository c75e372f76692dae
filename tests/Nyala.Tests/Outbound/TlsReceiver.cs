using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound;

/// <summary>A receiver that has a certificate of its own authority, and requires a client certificate of the clients' authority.</summary>
internal sealed class TlsReceiver : IAsyncDisposable
{
    private readonly X509Certificate2 _authority = Certificates.Authority("receivers");
    private readonly X509Certificate2 _clients = Certificates.Authority("clients");
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2 _client;
    private readonly WebApplication _application;
    private readonly string _callback = Some.Callback();
    private readonly List<string?> _seen = [];

    private TlsReceiver()
    {
        _certificate = Certificates.Issue(_authority, "receiver");
        _client = Certificates.Issue(_clients, "nyala");
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
            {
                https.ServerCertificate = _certificate;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.ClientCertificateValidation = (shown, _, _) => shown.Issuer == _clients.Subject;
            })));
        _application = builder.Build();
        _application.Run(context =>
        {
            lock (_seen)
            {
                _seen.Add(context.Connection.ClientCertificate?.Subject);
            }

            return Task.CompletedTask;
        });
    }

    public string Url => new Uri(new Uri(_application.Urls.First()), _callback).AbsoluteUri;

    /// <summary>The PEM of the authority that issued the receiver's certificate.</summary>
    public string Authority => _authority.ExportCertificatePem();

    /// <summary>The PEM of a client certificate that the receiver accepts, with its key.</summary>
    public string Client => Certificates.WithKey(_client);

    /// <summary>When the client certificate expires.</summary>
    public DateTimeOffset ClientEnds => _client.NotAfter;

    /// <summary>The first line of base64 of the key of the client certificate.</summary>
    public string ClientKey => Certificates.Key(_client).Split('\n')[1];

    /// <summary>The subject of the client certificate of each request so far.</summary>
    public IReadOnlyList<string?> Seen
    {
        get
        {
            lock (_seen)
            {
                return [.. _seen];
            }
        }
    }

    public static async Task<TlsReceiver> StartAsync()
    {
        var receiver = new TlsReceiver();
        await receiver._application.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        foreach (X509Certificate2 certificate in (X509Certificate2[])[_authority, _clients, _certificate, _client])
        {
            certificate.Dispose();
        }
    }
}
