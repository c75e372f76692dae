using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Nyala.Tests.Deploying;
using Nyala.Tests.Support;

namespace Nyala.Tests.Http;

/// <summary>HEAD is served wherever GET is.</summary>
public sealed class HeadTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task HEAD_returns_the_status_of_GET_for_every_endpoint()
    {
        // A separate server, so that no other test changes anything between the two requests.
        await using TestServer server = await TestServer.StartAsync();
        string[] paths =
        [
            .. server.Server.Services.GetRequiredService<IEnumerable<EndpointDataSource>>()
                .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
                .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
                .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/').Replace("{site}", "default", StringComparison.Ordinal).Replace("{id}", "1", StringComparison.Ordinal)
                    .Replace("{logId}", "1", StringComparison.Ordinal).Replace("{key}", "k", StringComparison.Ordinal))
                .Where(path => !path.Contains('{', StringComparison.Ordinal))
                .Distinct(),
        ];

        Assert.True(paths.Length > 60, $"{paths.Length} paths.");
        foreach (string path in paths)
        {
            Reply get = await server.GetAsync(path);
            Reply head = await server.SendAsync(HttpMethod.Head, path);

            Assert.True(head.Code == get.Code, $"{path}: {head.Code} instead of {get.Code}");
            Assert.Equal((path, ""), (path, head.Text));
            Assert.Equal((path, get.ContentType), (path, head.ContentType));
        }
    }

    [Fact]
    public async Task HEAD_returns_the_ETag_and_length_of_GET_without_a_body()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        string id = (await site.ZipAsync(("a", "1")))["id"];
        Reply get = await _server.GetAsync($"{site.Api}/deployments/{id}");

        Assert.Equal(get.Headers["ETag"], (await _server.SendAsync(HttpMethod.Head, $"{site.Api}/deployments/{id}")).Headers["ETag"]);
        string text = await RawAsync($"HEAD {site.Api}/deployments/{id} HTTP/1.1\r\nHost: {_server.Address.Authority}\r\nAuthorization: Bearer {TestServer.Token}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", text, StringComparison.Ordinal);
        Assert.Contains($"Content-Length: {Encoding.UTF8.GetByteCount(get.Text)}\r\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("{", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HEAD_of_the_log_stream_of_a_running_deployment_returns_immediately()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server, "echo begun; while [ ! -e go ]; do sleep 0.1; done");
        Reply begun = await site.BeginAsync(("a", "1"));

        Reply head = await _server.SendAsync(HttpMethod.Head, $"{site.Api}/deployments/{begun["id"]}/log/stream").InTimeAsync();

        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (head.Status, head.ContentType));
        Assert.Equal(200, (await _server.SendAsync(HttpMethod.Post, $"{site.Api}/deployments/{begun["id"]}/cancel")).Code);
    }

    [Fact]
    public async Task HEAD_without_a_token_gets_401_and_HEAD_of_a_POST_endpoint_gets_405()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/api/hooks");
        using HttpResponseMessage answer = await _server.Anonymous.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(405, (await _server.SendAsync(HttpMethod.Head, "/api/zipdeploy")).Code);
    }

    private async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_server.Address.Host, _server.Address.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken).InTimeAsync();
    }
}
