using System.Text;
using Nyala.Tests.Support;

namespace Nyala.Tests.Access;

/// <summary>Authentication with a token, as Basic or Bearer.</summary>
public sealed class TokenTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Theory]
    [InlineData("GET", "/api/hooks")]
    [InlineData("POST", "/api/hooks")]
    [InlineData("GET", "/api/hooks/1")]
    [InlineData("DELETE", "/api/hooks/1")]
    [InlineData("DELETE", "/api/hooks?url=x")]
    [InlineData("POST", "/api/hooks/1/ping")]
    [InlineData("POST", "/api/hooks/publish/PostDeployment")]
    [InlineData("POST", "/api/hooks/publish")]
    [InlineData("POST", "/api/hooks/hooks/publish/PostDeployment")]
    [InlineData("GET", "/sites/shop/hooks/")]
    [InlineData("GET", "/api/deployments")]
    [InlineData("GET", "/api/deployments/latest")]
    [InlineData("PUT", "/api/deployments/x")]
    [InlineData("DELETE", "/api/deployments/x")]
    [InlineData("GET", "/api/deployments/x/log")]
    [InlineData("POST", "/api/deployments/x/log")]
    [InlineData("POST", "/api/zipdeploy")]
    [InlineData("GET", "/shop.git/info/refs")]
    [InlineData("GET", "/api/tokens")]
    [InlineData("POST", "/api/tokens")]
    [InlineData("DELETE", "/api/tokens/1")]
    [InlineData("GET", "/api/audit")]
    [InlineData("GET", "/nothing")]
    [InlineData("GET", "/openapi/v1.json")]
    [InlineData("GET", "/openapi/connector.json")]
    [InlineData("GET", "/docs")]
    [InlineData("GET", "/docs/")]
    [InlineData("GET", "/docs/v1")]
    public async Task A_request_without_credentials_gets_401_with_a_Basic_challenge(string method, string path)
    {
        Reply reply = await SendAsync(null, method, path);

        // git shows its users only plain text.
        bool git = path.Contains(".git", StringComparison.Ordinal);
        Assert.Equal((401, git ? "text/plain; charset=utf-8" : "application/problem+json"), (reply.Code, reply.ContentType));
        Assert.StartsWith("Basic realm=", reply.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Contains("as the password of Basic authentication with any user name", git ? reply.Text : reply.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/healthz", "ready")]
    [InlineData("/healthz/ready", "ready")]
    [InlineData("/healthz/live", "live")]
    public async Task Health_needs_no_token(string path, string status)
    {
        Reply reply = await SendAsync(null, "GET", path);

        Assert.Equal((200, $$"""{"status":"{{status}}"}"""), (reply.Code, reply.Text));
    }

    [Theory]
    [InlineData("/api/hooks")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs/")]
    public async Task A_request_with_a_valid_token_gets_200(string path) => Assert.Equal(200, (await _server.GetAsync(path)).Code);

    [Theory]
    [InlineData("anybody")]
    [InlineData("")]
    [InlineData("$site")]
    [InlineData("jürgen")]
    public async Task Basic_authentication_accepts_the_token_as_password_with_any_user_name(string user) =>
        Assert.Equal(200, (await SendAsync(Basic($"{user}:{TestServer.Token}"), "GET", "/api/hooks")).Code);

    [Theory]
    [InlineData("Bearer")]
    [InlineData("bearer")]
    [InlineData("BEARER")]
    public async Task The_Bearer_scheme_is_accepted_in_any_case(string scheme) =>
        Assert.Equal(200, (await SendAsync($"{scheme} {TestServer.Token}", "GET", "/api/hooks")).Code);

    [Fact]
    public async Task The_error_for_a_wrong_token_says_that_it_is_mistyped_revoked_or_expired()
    {
        await using TestServer server = await TestServer.StartAsync();
        Reply reply = await SendAsync("Bearer wrong", "GET", "/api/hooks", server);

        Assert.Equal(("Invalid token", true), (reply["title"], reply["detail"].StartsWith("The token is mistyped, revoked or expired.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Wrong_credentials_get_401()
    {
        string[] wrong =
        [
            "Bearer wrong",
            "Bearer",
            $"Bearer {TestServer.Token}x",
            $"Bearer {TestServer.Token.ToUpperInvariant()}",
            $"Token {TestServer.Token}",
            TestServer.Token,
            Basic("user:wrong"),
            Basic($"user:{TestServer.Token}:"),
            Basic(TestServer.Token),
            Basic($"{TestServer.Token}:"),
            "Basic !",
            "Basic",
            "Basic " + TestServer.Token,
            "Basic /////w==",
        ];

        // A separate server: failures are counted by address, and all tests share one address.
        await using TestServer server = await TestServer.StartAsync();
        foreach (string authorization in wrong)
        {
            Reply reply = await SendAsync(authorization, "GET", "/api/hooks", server);

            Assert.Equal((authorization, 401), (authorization, reply.Code));
            Assert.Contains("WWW-Authenticate", reply.Headers.Keys);
            Assert.True(reply["title"] is "Invalid token" or "Token required", reply["title"]);
            Assert.DoesNotContain(TestServer.Token, reply.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_request_that_gets_401_changes_nothing()
    {
        string path = $"/sites/{Some.Site()}/api/hooks";

        using HttpResponseMessage response = await _server.Anonymous.PostAsync(
            path, new StringContent(Some.Hook().ToJsonString()), TestContext.Current.CancellationToken);

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal("[]", (await _server.GetAsync(path)).Text);
    }

    private static string Basic(string pair) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));

    private async Task<Reply> SendAsync(string? authorization, string method, string path, TestServer? server = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await Reply.ReadAsync(await (server ?? _server).Anonymous.SendAsync(request, TestContext.Current.CancellationToken));
    }
}
