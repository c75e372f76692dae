using Nyala.Tests.Support;

namespace Nyala.Tests.Deployments;

/// <summary>What a later version serves: it says so, rather than seem not to be there.</summary>
public sealed class UnservedTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Theory]
    [InlineData("PUT", "/deployments/abc", null)]
    [InlineData("PUT", "/deployments/abc", "")]
    [InlineData("PUT", "/deployments/abc", """{"clean":true,"needFileUpdate":false}""")]
    [InlineData("PUT", "/deployments/abc", "{}")]
    [InlineData("PUT", "/deployments", null)]
    [InlineData("PUT", "/deployments/", null)]
    [InlineData("POST", "/zipdeploy?isAsync=true", "x")]
    [InlineData("PUT", "/zipdeploy", "x")]
    [InlineData("POST", "/publish?type=zip", "x")]
    [InlineData("GET", "/info/refs?service=git-receive-pack", null)]
    [InlineData("POST", "/git-receive-pack", "x")]
    public async Task Redeploy_zip_git_and_fetch_are_501_with_a_text(string method, string path, string? body)
    {
        string site = Some.Site();
        foreach (string prefix in (string[])["", "/api", $"/sites/{site}", $"/sites/{site}/api"])
        {
            Reply reply = await _server.SendAsync(HttpMethod.Parse(method), prefix + path, body);

            Assert.Equal((501, "application/problem+json"), (reply.Code, reply.ContentType));
            Assert.Contains("is not served by this version", reply.Reason, StringComparison.Ordinal);
            Assert.Contains("PUT /api/deployments/{id} with a status", reply.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET", "/shop.git/info/refs?service=git-receive-pack")]
    [InlineData("POST", "/shop.git/git-receive-pack")]
    public async Task Git_under_the_sites_own_name_is_501(string method, string path) =>
        Assert.Equal(501, (await _server.SendAsync(HttpMethod.Parse(method), path)).Code);

    [Theory]
    [InlineData("Content-Encoding", "utf-8")]
    [InlineData("Content-Type", "application/zip; charset=utf-8")]
    public async Task The_odd_headers_of_the_SDKs_publisher_are_not_what_is_refused(string name, string value)
    {
        using var content = new ByteArrayContent([1]);
        content.Headers.TryAddWithoutValidation(name, value);

        Assert.Equal(501, (await _server.SendAsync(HttpMethod.Post, "/api/zipdeploy", content)).Code);
    }
}
