using Nyala.Tests.Support;

namespace Nyala.Tests.Front;

/// <summary>The server refuses requests that web pages of other sites make, by DNS rebinding or across origins.</summary>
public sealed class FrontDoorTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task An_unknown_Host_gets_421_and_the_error_names_the_option_that_allows_it()
    {
        Reply reply = await _server.SendAsync(HttpMethod.Get, "/api/hooks", null as string, ("Host", "evil.example"));

        Assert.Equal((421, "application/problem+json"), (reply.Code, reply.ContentType));
        Assert.Contains("'evil.example'", reply.Reason, StringComparison.Ordinal);
        Assert.Contains("AllowedHosts, or set PublicUrl", reply.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/healthz", 200)]
    [InlineData("/healthz/live", 200)]
    [InlineData("/healthz/ready", 200)]
    [InlineData("/healthzz", 421)]
    [InlineData("/metrics", 421)]
    public async Task Health_endpoints_accept_any_Host_and_other_paths_return_421(string path, int status) =>
        Assert.Equal(status, (await _server.SendAsync(HttpMethod.Get, path, null as string, ("Host", "10.0.0.1"))).Code);

    [Fact]
    public async Task Hosts_from_AllowedHosts_and_PublicUrl_are_accepted()
    {
        await using TestServer server = await TestServer.StartAsync(options =>
        {
            options.AllowedHosts = ["nyala.internal"];
            options.PublicUrl = "https://nyala.example.com/";
        });

        Assert.Equal(200, (await server.SendAsync(HttpMethod.Get, "/api/hooks", null as string, ("Host", "nyala.internal:81"))).Code);
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Get, "/api/hooks", null as string, ("Host", "nyala.example.com"))).Code);
        Reply subscribed = await server.SendAsync(
            HttpMethod.Post, "/api/hooks", Some.Hook().ToJsonString(), ("Host", "nyala.internal"), ("Origin", "https://nyala.example.com"));
        Assert.Equal(201, subscribed.Code);
        Assert.StartsWith("https://nyala.example.com/api/hooks/", subscribed.Headers["Location"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task A_cross_site_request_changes_nothing_and_gets_no_CORS_headers(string name, string value)
    {
        string path = $"/sites/{Some.Site()}/api/hooks";

        Reply changing = await _server.SendAsync(HttpMethod.Post, path, Some.Hook().ToJsonString(), (name, value));
        Reply reading = await _server.SendAsync(HttpMethod.Get, path, null as string, (name, value));
        Reply asking = await _server.SendAsync(
            HttpMethod.Options, path, null as string, ("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST"));

        Assert.Equal((403, "application/problem+json", "[]"), (changing.Code, changing.ContentType, reading.Text));
        Assert.DoesNotContain(
            changing.Headers.Keys.Concat(reading.Headers.Keys).Concat(asking.Headers.Keys),
            header => header.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_same_origin_POST_is_accepted() => Assert.Equal(201, (await _server.SendAsync(
        HttpMethod.Post, "/api/hooks", Some.Hook().ToJsonString(), ("Origin", _server.Address.GetLeftPart(UriPartial.Authority)), ("Sec-Fetch-Site", "same-origin"))).Code);

    [Theory]
    [InlineData(null, "127.0.0.1", "http")]
    [InlineData("10.0.0.0/8", "127.0.0.1", "http")]
    [InlineData("127.0.0.1", "203.0.113.7", "https")]
    [InlineData("127.0.0.0/8", "203.0.113.7", "https")]
    public async Task Forwarded_headers_are_used_only_from_a_configured_proxy(string? proxy, string address, string scheme)
    {
        await using TestServer server = await TestServer.StartAsync(options =>
        {
            options.Proxies = proxy is null ? [] : [proxy];
            options.AllowedHosts = ["nyala.example.com"];
        });

        Reply reply = await server.SendAsync(
            HttpMethod.Post,
            "/api/hooks",
            Some.Hook().ToJsonString(),
            ("X-Forwarded-For", "203.0.113.7"),
            ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Host", "nyala.example.com"));

        string host = scheme == "https" ? "nyala.example.com" : server.Address.Authority;
        Assert.StartsWith($"{scheme}://{host}/api/hooks/", reply.Headers["Location"], StringComparison.Ordinal);
        Assert.Equal(address, (await server.GetAsync($"/api/audit?target={reply["id"]}")).Json[0].GetProperty("address").GetString());
    }

    [Fact]
    public async Task An_unknown_X_Forwarded_Host_from_a_proxy_gets_421()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.Proxies = ["127.0.0.1"]);

        Assert.Equal(421, (await server.SendAsync(HttpMethod.Get, "/api/hooks", null as string, ("X-Forwarded-Host", "evil.example"))).Code);
    }
}
