using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Nyala.Server;
using Nyala.Server.Front;
using Nyala.Tests.Support;

namespace Nyala.Tests.Front;

/// <summary>HTTPS on the server itself, and the renewal of its certificate while it runs.</summary>
public sealed class HttpsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nyala-tls-").FullName;
    private readonly SignalClock _clock = new();
    private readonly CapturedLog _log = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("tls.crt", "tls.key")]
    [InlineData("fullchain.pem", "privkey.pem")]
    public async Task A_replaced_certificate_is_used_without_a_restart(string certificate, string key)
    {
        Write(Signed("one"), certificate, key);
        await using TestServer server = await StartAsync(https => https.Folder = _folder);
        Assert.Equal("CN=one", (await ShakeHandsAsync(server)).Subject);

        Write(Signed("two"), certificate, key);
        Assert.Equal("CN=one", (await ShakeHandsAsync(server)).Subject);
        _clock.Advance(ServerCertificate.CheckInterval);

        Assert.Equal("CN=two", (await ShakeHandsAsync(server)).Subject);
        Assert.Contains(_log.Lines, line => line.Contains("The certificate was renewed: CN=two", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("tls.crt", "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n")]
    [InlineData("tls.crt", "")]
    [InlineData("tls.key", null)]
    public async Task An_unusable_certificate_is_logged_once_and_the_old_one_stays_in_use(string file, string? content)
    {
        Write(Signed("one"), "tls.crt", "tls.key");
        await using TestServer server = await StartAsync(https => https.Folder = _folder);

        // Without content, the file gets the key of another certificate, as if only one of the two files was written yet.
        await File.WriteAllTextAsync(At(file), content ?? Signed("other").GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        for (int i = 0; i < 3; i++)
        {
            _clock.Advance(ServerCertificate.CheckInterval);
            Assert.Equal("CN=one", (await ShakeHandsAsync(server)).Subject);
        }

        Assert.Single(_log.Lines, line => line.StartsWith("Warning Nyala", StringComparison.Ordinal) && line.Contains("the old one stays in use", StringComparison.Ordinal));
        Write(Signed("two"), "tls.crt", "tls.key");
        _clock.Advance(ServerCertificate.CheckInterval);
        Assert.Equal("CN=two", (await ShakeHandsAsync(server)).Subject);
    }

    [Fact]
    public async Task The_intermediate_certificate_of_a_PEM_file_is_sent_to_clients()
    {
        using X509Certificate2 root = Signed("root", isAuthority: true);
        using X509Certificate2 authority = Signed("authority", root, isAuthority: true);
        using X509Certificate2 own = Signed("own", authority);
        await File.WriteAllTextAsync(
            At("all.pem"),
            own.ExportCertificatePem() + "\n" + authority.ExportCertificatePem() + "\n" + own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(),
            TestContext.Current.CancellationToken);
        await using TestServer server = await StartAsync(https => https.Certificate = At("all.pem"));

        (string subject, string[] sent) = await ShakeHandsAsync(server);

        Assert.Equal("CN=own", subject);
        Assert.Contains("CN=authority", sent);
    }

    [Fact]
    public async Task A_PFX_file_with_a_password_serves_HTTPS_requests()
    {
        await File.WriteAllBytesAsync(At("own.pfx"), Signed("pfx").Export(X509ContentType.Pkcs12, "opensesame"), TestContext.Current.CancellationToken);
        await using TestServer server = await StartAsync(https => (https.Certificate, https.Password) = (At("own.pfx"), "opensesame"));
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.Subject == "CN=pfx" } }) { BaseAddress = server.Address };

        Assert.Equal("https", server.Address.Scheme);
        Assert.Equal("""{"status":"ready"}""", await http.GetStringAsync("/healthz", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("https://127.0.0.1:0", "", "", "Https:Certificate is empty, but Urls contains an https address")]
    [InlineData("http://127.0.0.1:0", "/x", "", "Https:Certificate or Https:Folder is set, but Urls contains no https address")]
    [InlineData("https://127.0.0.1:0", "/x", "/y", "Https:Folder and Https:Certificate are both set")]
    [InlineData("https://127.0.0.1:0", "/nowhere/own.pem", "", "Https:Certificate cannot be used: ")]
    [InlineData("https://127.0.0.1:0", "", "/nowhere", "Https:Folder cannot be used: ")]
    public void Invalid_HTTPS_options_are_reported_by_Validate(string urls, string certificate, string folder, string error) => Assert.StartsWith(
        error, Assert.Single(new NyalaOptions { Urls = urls, Https = new HttpsOptions { Certificate = certificate, Folder = folder } }.Validate()), StringComparison.Ordinal);

    private static X509Certificate2 Signed(string name, X509Certificate2? by = null, bool isAuthority = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return by is null
            ? request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1))
            : request.Create(by, now.AddHours(-1), now.AddHours(1), Guid.NewGuid().ToByteArray()).CopyWithPrivateKey(key);
    }

    private static async Task<(string Subject, string[] Sent)> ShakeHandsAsync(TestServer server)
    {
        string[] sent = [];
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(server.Address.Host, server.Address.Port, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = (_, _, chain, _) =>
                {
                    sent = [.. chain!.ChainPolicy.ExtraStore.Select(one => one.Subject)];
                    return true;
                },
            },
            TestContext.Current.CancellationToken);
        return (tls.RemoteCertificate!.Subject, sent);
    }

    private Task<TestServer> StartAsync(Action<HttpsOptions> adjust) => TestServer.StartAsync(
        options =>
        {
            options.Urls = "https://127.0.0.1:0";
            adjust(options.Https);
        },
        _clock,
        log: _log);

    private void Write(X509Certificate2 certificate, string file, string key)
    {
        File.WriteAllText(At(file), certificate.ExportCertificatePem());
        File.WriteAllText(At(key), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    private string At(string name) => Path.Combine(_folder, name);
}
