using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound.Channels.Http;

/// <summary><c>insecure_ssl</c>: a receiver with a self-signed certificate.</summary>
public sealed class TlsTests(SharedServer shared) : IAsyncLifetime
{
    private readonly TestServer _server = shared.Server;
    private readonly X509Certificate2 _certificate = Certificates.SelfSigned("127.0.0.1");
    private WebApplication? _receiver;
    private int _count;

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate)));
        _receiver = builder.Build();
        _receiver.Run(_ =>
        {
            Interlocked.Increment(ref _count);
            return Task.CompletedTask;
        });
        await _receiver.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _receiver!.DisposeAsync();
        _certificate.Dispose();
    }

    [Fact]
    public async Task Only_the_hook_with_insecure_ssl_skips_the_certificate_check()
    {
        HookUnderTest insecure = await HookUnderTest.AddAsync(_server, Url("insecure"), insecureSsl: true);
        HookUnderTest careful = await HookUnderTest.AddAsync(_server, Url("careful"));

        // The insecure hook goes first: its connection stays open and must not be used for the other hook.
        await insecure.PublishAsync();
        await careful.PublishAsync();

        Assert.Equal("OK", (await insecure.ReadAsync())["last_status"]);
        Assert.Equal("Failure", (await careful.ReadAsync())["last_status"]);
        Assert.StartsWith("TLS failed: ", (await careful.ReadAsync())["last_reason"], StringComparison.Ordinal);
        Assert.Equal(1, _count);
    }

    private string Url(string path) => new Uri(new Uri(_receiver!.Urls.First()), path).AbsoluteUri;
}
