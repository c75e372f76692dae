using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Nyala.Server.Outbound;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound;

/// <summary><c>Outbound:Proxy</c>: every attempt goes through the proxy, which decides what can be reached.</summary>
public sealed class EgressProxyTests
{
    [Theory]
    [InlineData("http://receiver.invalid/called?x=%2f", "http://receiver.invalid/called?x=%2f")]
    [InlineData("http://10.0.0.1/", "http://10.0.0.1/")]
    [InlineData("http://127.0.0.1:25/x", "http://127.0.0.1:25/x")]
    [InlineData("http://localhost/x", "http://localhost/x")]
    public async Task An_http_request_goes_to_the_proxy_with_the_whole_url(string url, string asked)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using var proxy = new EgressProxy(receiver.Url.Port);
        await using TestServer server = await StartAsync("http://" + proxy.Address);
        HookUnderTest hook = await HookUnderTest.AddAsync(server, url);

        await hook.PublishAsync();

        Assert.Equal(200, (await hook.AttemptAsync()).Status);
        Assert.StartsWith($"POST {asked} HTTP/1.1\r\n", Assert.Single(proxy.Requests), StringComparison.Ordinal);
        Assert.Equal(1, receiver.Count);
    }

    [Fact]
    public async Task The_proxy_gets_its_own_credentials_and_the_receiver_gets_the_hooks_credentials()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using var proxy = new EgressProxy(receiver.Url.Port, "us er:p@ss");
        await using TestServer server = await StartAsync($"http://us%20er:p%40ss@{proxy.Address}");
        HookUnderTest hook = await HookUnderTest.AddAsync(server, "http://hook:own@receiver.invalid/");

        await hook.PublishAsync();

        Assert.Equal(200, (await hook.AttemptAsync()).Status);
        Assert.Equal("Basic aG9vazpvd24=", (await receiver.NextAsync()).Header("Authorization"));
    }

    [Fact]
    public async Task An_attempt_has_the_status_407_if_the_proxy_refuses_the_credentials()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using var proxy = new EgressProxy(receiver.Url.Port, "user:right");
        await using TestServer server = await StartAsync($"http://user:wrong@{proxy.Address}");
        HookUnderTest hook = await HookUnderTest.AddAsync(server, "http://receiver.invalid/");

        await hook.PublishAsync();

        Assert.Equal(407, (await hook.AttemptAsync()).Status);
        Assert.Equal(0, receiver.Count);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("user:password")]
    public async Task TLS_goes_through_a_tunnel_to_the_receiver_whose_certificate_is_checked(string? credentials)
    {
        using X509Certificate2 certificate = Certificates.SelfSigned("receiver.invalid");
        await using WebApplication receiver = Secure(certificate);
        string? seen = null;
        receiver.Run(context =>
        {
            seen = $"{context.Request.Scheme} {context.Request.Path} {context.Request.Headers["Proxy-Authorization"]}";
            return Task.CompletedTask;
        });
        await receiver.StartAsync(TestContext.Current.CancellationToken);
        await using var proxy = new EgressProxy(new Uri(receiver.Urls.First()).Port, credentials);
        await using TestServer server = await StartAsync($"http://{(credentials is null ? "" : credentials + "@")}{proxy.Address}");
        HookUnderTest careful = await HookUnderTest.AddAsync(server, "https://receiver.invalid/careful");
        HookUnderTest insecure = await HookUnderTest.AddAsync(server, "https://receiver.invalid/insecure", insecureSsl: true);

        await insecure.PublishAsync();
        await careful.PublishAsync();

        Assert.Equal(200, (await insecure.AttemptAsync()).Status);
        Assert.Equal("https /insecure ", seen);
        Assert.StartsWith("TLS failed: ", (await careful.AttemptAsync()).Reason, StringComparison.Ordinal);
        Assert.All(proxy.Requests, head => Assert.StartsWith("CONNECT receiver.invalid:443 HTTP/1.1\r\n", head, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_sent_if_the_proxy_cannot_be_reached()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestServer server = await StartAsync("http://127.0.0.1:1");
        HookUnderTest hook = await HookUnderTest.AddAsync(server, receiver);

        await hook.PublishAsync();

        AttemptRecord attempt = await hook.AttemptAsync();
        Assert.Equal((null, "The connection was refused."), (attempt.Status, attempt.Reason));
        Assert.Equal(0, receiver.Count);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("http://proxy.internal:3128", true)]
    [InlineData("http://proxy.internal:3128/", true)]
    [InlineData("http://user:p%40ss@10.0.0.1:3128", true)]
    [InlineData("https://proxy.internal:3128", false)]
    [InlineData("socks5://proxy.internal", false)]
    [InlineData("proxy.internal:3128", false)]
    [InlineData("http://user:secret@proxy.internal/path", false)]
    [InlineData("http://", false)]
    public void The_proxy_must_be_an_http_url_without_a_path_and_an_error_does_not_quote_it(string proxy, bool taken)
    {
        string[] errors = [.. new OutboundOptions { Proxy = proxy }.Validate()];

        Assert.Equal(taken, errors.Length == 0);
        Assert.All(errors, error => Assert.StartsWith("Outbound:Proxy must be", error, StringComparison.Ordinal));
        Assert.All(errors, error => Assert.DoesNotContain("secret", error, StringComparison.Ordinal));
    }

    private static WebApplication Secure(X509Certificate2 certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        return builder.Build();
    }

    private static Task<TestServer> StartAsync(string proxy) => TestServer.StartAsync(options =>
    {
        options.Urls = "http://127.0.0.1:0;http://0.0.0.0:0";
        options.Outbound.Proxy = proxy;
    });
}
