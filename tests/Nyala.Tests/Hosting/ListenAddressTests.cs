using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Nyala.Server;
using Nyala.Server.Hosting;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hosting;

/// <summary>Which addresses <c>Urls</c> accepts, and what the server then binds.</summary>
public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8484", true)]
    [InlineData("http://127.9.9.9:8484", true)]
    [InlineData("http://127.1:8484", true)]
    [InlineData("http://0x7f.1:8484", true)]
    [InlineData("http://[::1]:8484", true)]
    [InlineData("http://[::ffff:127.0.0.1]:8484", true)]
    [InlineData("http://[::ffff:127.9.9.9]:8484", true)]
    [InlineData("http://localhost:8484", true)]
    [InlineData("http://LOCALHOST:8484", true)]
    [InlineData("http://10.0.0.1:8484", false)]
    [InlineData("http://0.0.0.0:8484", false)]
    [InlineData("http://0:8484", false)]
    [InlineData("http://[::]:8484", false)]
    [InlineData("http://[::ffff:0.0.0.0]:8484", false)]
    [InlineData("http://*:8484", false)]
    [InlineData("http://+:8484", false)]
    [InlineData("https://*:8484", false)]
    public void Urls_accepts_IP_addresses_localhost_and_wildcards_and_only_loopback_is_local(string url, bool local)
    {
        var options = new NyalaOptions { Urls = url };

        Assert.DoesNotContain(options.Validate(), error => error.StartsWith("Urls", StringComparison.Ordinal));
        Assert.Equal(local, options.LocalOnly);
    }

    [Theory]
    [InlineData("http://loopback:8484")]
    [InlineData("http://LOOPBACK:8484")]
    [InlineData("http://localhost.:8484")]
    [InlineData("http://nyala.localhost:8484")]
    [InlineData("http://nyala.example:8484")]
    [InlineData("http://127.0.0.1.nip.io:8484")]
    [InlineData("http://①②⑦.⓪.⓪.①:8484")]
    [InlineData("http://１２７.0.0.1:8484")]
    [InlineData("http://unix:8484")]
    [InlineData("http://**:8484")]
    [InlineData("http://*.example.com:8484")]
    [InlineData("http://localhost:0")]
    [InlineData("http://user@127.0.0.1:8484")]
    [InlineData("http://127.0.0.1:8484/path")]
    [InlineData("http://127.0.0.1:8484/?query")]
    [InlineData("http://127.0.0.1:84840")]
    [InlineData("http://")]
    [InlineData("127.0.0.1:8484")]
    [InlineData("ftp://127.0.0.1:8484")]
    public void Urls_rejects_any_other_address_and_does_not_treat_it_as_local(string url)
    {
        var options = new NyalaOptions { Urls = url };

        Assert.Contains(options.Validate(), error => error.StartsWith($"Urls contains '{url}': ", StringComparison.Ordinal));
        Assert.False(options.LocalOnly);
    }

    [Theory]
    [InlineData("http://*:0")]
    [InlineData("http://+:0")]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://127.0.0.1:0;http://*:0")]
    [InlineData("http://[::1]:0")]
    public async Task The_server_is_reachable_at_each_address_that_it_reports(string urls)
    {
        if (urls.Contains("::1", StringComparison.Ordinal) && !HasLoopback6())
        {
            Assert.Skip("This machine has no IPv6 loopback address.");
        }

        await using TestServer server = await TestServer.StartAsync(options => options.Urls = urls);

        foreach (Uri address in server.Server.Addresses)
        {
            Assert.True(IPAddress.IsLoopback(IPAddress.Parse(address.DnsSafeHost)), $"{address} is no loopback address.");
            using var http = new HttpClient();
            Assert.Equal("""{"status":"live"}""", await http.GetStringAsync(new Uri(address, "/healthz/live"), TestContext.Current.CancellationToken));
        }
    }

    [Theory]
    [InlineData("http://0.0.0.0:8484", "http://127.0.0.1:8484/")]
    [InlineData("http://[::]:8484", "http://127.0.0.1:8484/")]
    [InlineData("https://0.0.0.0:8443", "https://127.0.0.1:8443/")]
    [InlineData("http://[::1]:8484", "http://[::1]:8484/")]
    [InlineData("http://10.0.0.1:80", "http://10.0.0.1/")]
    [InlineData("http://localhost:8484", "http://localhost:8484/")]
    public void The_address_to_connect_to_replaces_a_wildcard_with_loopback(string bound, string connect) => Assert.Equal(connect, ConnectAddress.Of(new Uri(bound)).AbsoluteUri);

    [Theory]
    [InlineData("localhost", "", "https://localhost:8443/")]
    [InlineData("127.0.0.1", "", "https://127.0.0.1:8443/")]
    [InlineData("shop.example.com", "", "https://shop.example.com:8443/")]
    [InlineData("*.example.com", "https://nyala.example.com", "https://nyala.example.com:8443/")]
    [InlineData("*.example.com", "", "https://127.0.0.1:8443/")]
    public void With_only_HTTPS_the_address_to_connect_to_uses_a_name_of_the_certificate(string name, string publicUrl, string connect)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out IPAddress? ip))
        {
            names.AddIpAddress(ip);
        }
        else
        {
            names.AddDnsName(name);
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256) { CertificateExtensions = { names.Build() } };
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));

        Assert.Equal([connect], ConnectAddress.Of([new Uri("https://0.0.0.0:8443")], certificate, publicUrl).Select(address => address.AbsoluteUri));
        Assert.Equal("http://127.0.0.1:8484/", ConnectAddress.Of([new Uri("https://0.0.0.0:8443"), new Uri("http://[::]:8484")], certificate, publicUrl)[0].AbsoluteUri);
    }

    private static bool HasLoopback6()
    {
        try
        {
            using var listener = new TcpListener(IPAddress.IPv6Loopback, 0);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
