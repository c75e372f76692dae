using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Nyala.Server.Http;
using Nyala.Tests.Deploying;
using Nyala.Tests.Support;

namespace Nyala.Tests.Http;

/// <summary>A request with a query parameter that the endpoint does not read is refused.</summary>
public sealed class QueryTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    /// <summary>Returns all operations below <c>/api</c>, and <c>/deploy</c>, without git's. The other base paths have the same endpoints.</summary>
    private static IEnumerable<(HttpMethod Method, string Path)> Operations(TestServer server) =>
        from endpoint in server.Server.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        let pattern = endpoint.RoutePattern.RawText!
        where (pattern.StartsWith("/api/", StringComparison.Ordinal) || pattern == "/deploy")
            && !pattern.Contains("/info/", StringComparison.Ordinal) && !pattern.Contains("/git-", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
        select (new HttpMethod(method), pattern.Replace("{site}", "default", StringComparison.Ordinal).Replace("{type}", "T", StringComparison.Ordinal)
            .Replace("{id}", "1", StringComparison.Ordinal).Replace("{logId}", "1", StringComparison.Ordinal).Replace("{key}", "k", StringComparison.Ordinal).Replace("{event}", "e", StringComparison.Ordinal));

    [Fact]
    public async Task Every_operation_returns_400_for_an_unknown_parameter()
    {
        await using TestServer server = await TestServer.StartAsync();
        (HttpMethod Method, string Path)[] operations = [.. Operations(server)];

        Assert.True(operations.Length > 45, $"{operations.Length} operations.");
        foreach ((HttpMethod method, string path) in operations)
        {
            Assert.DoesNotContain('{', path);

            Reply reply = await server.SendAsync(method, path + "?nonsense=1");

            Assert.True(reply.Code == 400, $"{method} {path}: {reply.Code}");
            Assert.StartsWith("'nonsense' is not a parameter of this request. ", reply.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_operation_accepts_the_api_version_that_Azure_clients_send()
    {
        await using TestServer server = await TestServer.StartAsync();
        foreach ((HttpMethod method, string path) in Operations(server))
        {
            Reply reply = await server.SendAsync(method, path + "?api-version=2018-02-01");

            Assert.DoesNotContain("Invalid query", reply.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_request_with_an_unknown_parameter_changes_nothing()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        Reply hook = await _server.PostAsync($"{site.Api}/hooks", Some.Hook());

        Reply reply = await _server.DeleteAsync($"{site.Api}/hooks/{hook["id"]}?ulr=x");

        Assert.Equal((400, "'ulr' is not a parameter of this request. It has no parameters."), (reply.Code, reply.Reason));
        Assert.Equal(200, (await _server.GetAsync($"{site.Api}/hooks/{hook["id"]}")).Code);
    }

    [Theory]
    [InlineData("DELETE", "/api/hooks?ulr=x", "The parameters are url. Did you mean 'url'?")]
    [InlineData("POST", "/deploy?isAsinc=true", "The parameters are isAsync, async. Did you mean 'isAsync'?")]
    [InlineData("POST", "/api/deployments/x/log?rum=1", "The parameters are run. Did you mean 'run'?")]
    [InlineData("PUT", "/api/zipdeploy?autor=x", "Did you mean 'author'?")]
    [InlineData("POST", "/api/tokens?expires=1d", "It has no parameters.")]
    [InlineData("PUT", "/api/deployments/x?clean=true", "The parameters are isAsync, async.")]
    public async Task The_error_for_an_unknown_parameter_suggests_a_similar_one_if_there_is_one(string method, string path, string end)
    {
        Reply reply = await _server.SendAsync(new HttpMethod(method), path);

        Assert.Equal(400, reply.Code);
        Assert.EndsWith(end, reply.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/hooks?sate=gone", "'sate' is not a parameter of this request. The parameters are ")]
    [InlineData("/api/hooks?sate=gone", "state")]
    [InlineData("/api/deliveries?hok=1", "hook, event, type, deployment, state, since, until, limit, before")]
    [InlineData("/api/deployments?befor=2026-01-01", "limit")]
    [InlineData("/api/audit?acton=x", "action")]
    [InlineData("/api/deployments/latest?deploier=x", "deployer, time")]
    public async Task The_error_for_an_unknown_parameter_names_it_and_the_known_ones(string path, string text)
    {
        Reply reply = await _server.GetAsync(path);

        Assert.Equal(400, reply.Code);
        Assert.Contains(text, reply.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/hooks?STATE=all&api-version=2018-02-01")]
    [InlineData("/api/deliveries?Limit=1")]
    [InlineData("/api/sites?api-version=1")]
    public async Task Parameter_names_are_case_insensitive(string path) => Assert.Equal(200, (await _server.GetAsync(path)).Code);

    [Fact]
    public async Task Latest_with_a_deployer_needs_no_time_but_returns_an_error_for_an_invalid_one()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        Reply mine = await _server.SendAsync(HttpMethod.Post, $"{site.Api}/zipdeploy?deployer=me", Zips.Of(("a", "1")));
        await site.ZipAsync(("a", "2"));

        Assert.Equal(mine["id"], (await _server.GetAsync($"{site.Api}/deployments/latest?deployer=me"))["id"]);
        Assert.Contains("'time' must be an ISO 8601 time", (await _server.GetAsync($"{site.Api}/deployments/latest?deployer=me&time=soon")).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("TRUE", true)]
    [InlineData("1", true)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    [InlineData("", null)]
    [InlineData(" true", null)]
    [InlineData("yes", null)]
    [InlineData("2", null)]
    [InlineData("on", null)]
    public void A_flag_is_true_false_1_or_0(string text, bool? value) => Assert.Equal((value, value is not null), (QueryFlag.Read(text), QueryFlag.IsFlag(text)));
}
