using System.IO.Compression;
using System.Text;
using Nyala.Tests.Deploying;
using Nyala.Tests.Support;

namespace Nyala.Tests.Http;

/// <summary>Every endpoint that takes a body refuses a <c>Content-Encoding</c> and stores nothing. Requests of git are exempt.</summary>
public sealed class CodingTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    public static TheoryData<string, string> Bodies { get; } = new()
    {
        { "POST", "hooks" },
        { "PATCH", "hooks/1" },
        { "DELETE", "hooks" },
        { "POST", "hooks/publish/Packed" },
        { "PUT", "deployments/one" },
        { "POST", "deployments/one/log" },
        { "POST", "zipdeploy" },
        { "POST", "publish?type=static&path=packed" },
        { "POST", "deploy" },
        { "POST", "settings" },
        { "POST", "/api/tokens" },
        { "POST", "/api/sites" },
    };

    [Theory, MemberData(nameof(Bodies))]
    public async Task Every_endpoint_that_takes_a_body_returns_415_for_a_content_coding(string method, string path)
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);

        foreach (string coding in (string[])["gzip", "GZIP", "x-gzip", "deflate", "br", "zstd", "identity, gzip", "nonsense"])
        {
            Reply reply = await SendAsync(method, path.StartsWith('/') ? path : $"{site.Api}/{path}", Packed(), coding);

            Assert.True(reply.Code == 415, $"{coding}: {reply.Code} {reply.Text}");
            Assert.StartsWith($"Content-Encoding '{coding.Split(' ')[^1]}' is not supported here", reply.Reason, StringComparison.Ordinal);
            Assert.Equal("identity", reply.Headers["Accept-Encoding"]);
        }

        Assert.Null(site.Current);
        Assert.Equal("[]", (await _server.GetAsync($"{site.Api}/events")).Text);
        Assert.Equal("[]", (await _server.GetAsync($"{site.Api}/deployments")).Text);
    }

    /// <summary>The .NET SDK's ZipDeploy sends the name of a character set as the content coding.</summary>
    [Theory]
    [InlineData("identity")]
    [InlineData("UTF-8")]
    [InlineData("")]
    public async Task A_content_coding_that_changes_nothing_is_accepted(string coding)
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);

        Assert.Equal(200, (await SendAsync("POST", $"{site.Api}/hooks/publish/Plain", new ByteArrayContent("{}"u8.ToArray()), coding)).Code);
        Assert.Equal(200, (await SendAsync("POST", $"{site.Api}/zipdeploy", Zips.Of(("a", "1")), coding)).Code);
    }

    [Fact]
    public async Task A_request_without_a_body_may_name_a_content_coding() =>
        Assert.Equal(200, (await SendAsync("GET", "/api/hooks", null, "gzip")).Code);

    private static ByteArrayContent Packed()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes("""{"url":"http://127.0.0.1:9/","event":"PostDeployment"}"""));
        }

        return new ByteArrayContent(packed.ToArray());
    }

    private async Task<Reply> SendAsync(string method, string path, HttpContent? content, string coding)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content ?? new ByteArrayContent([]) };
        request.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return await Reply.ReadAsync(await _server.Http.SendAsync(request, TestContext.Current.CancellationToken));
    }
}
