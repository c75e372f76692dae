using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Nyala.Server.Http;
using Nyala.Tests.Deploying;
using Nyala.Tests.Support;

namespace Nyala.Tests.Http;

/// <summary>A query that would not be read is refused.</summary>
public sealed class QueryTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    /// <summary>Each method and path at the API's own address; the other bases are the same endpoints. What git sends is git's.</summary>
    private static IEnumerable<(HttpMethod Method, string Path)> Operations(TestServer server) =>
        from endpoint in server.Server.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        let pattern = endpoint.RoutePattern.RawText!
        where (pattern.StartsWith("/api/", StringComparison.Ordinal) || pattern == "/deploy")
            && !pattern.Contains("/info/", StringComparison.Ordinal) && !pattern.Contains("/git-", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
        select (new HttpMethod(method), pattern.Replace("{site}", "default", StringComparison.Ordinal).Replace("{type}", "T", StringComparison.Ordinal)
            .Replace("{id}", "1", StringComparison.Ordinal).Replace("{logId}", "1", StringComparison.Ordinal).Replace("{key}", "k", StringComparison.Ordinal));

    [Fact]
    public async Task Each_operation_of_the_API_refuses_a_parameter_that_it_does_not_know()
    {
        await using TestServer server = await TestServer.StartAsync();
        (HttpMethod Method, string Path)[] operations = [.. Operations(server)];

        Assert.True(operations.Length > 45, $"{operations.Length} operations.");
        foreach ((HttpMethod method, string path) in operations)
        {
            Assert.DoesNotContain('{', path);

            Reply reply = await server.SendAsync(method, path + "?nonsense=1");

            Assert.True(reply.Code == 400, $"{method} {path}: {reply.Code}");
            Assert.StartsWith("'nonsense' is not a parameter of this request; ", reply.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Each_operation_of_the_API_takes_the_version_that_clients_of_Azure_send()
    {
        await using TestServer server = await TestServer.StartAsync();
        foreach ((HttpMethod method, string path) in Operations(server))
        {
            Reply reply = await server.SendAsync(method, path + "?api-version=2018-02-01");

            Assert.DoesNotContain("This query is refused", reply.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nothing_is_done_where_a_parameter_is_refused()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        Reply hook = await _server.PostAsync($"{site.Api}/hooks", Some.Hook());

        Reply reply = await _server.DeleteAsync($"{site.Api}/hooks/{hook["id"]}?ulr=x");

        Assert.Equal((400, "'ulr' is not a parameter of this request; it takes none."), (reply.Code, reply.Reason));
        Assert.Equal(200, (await _server.GetAsync($"{site.Api}/hooks/{hook["id"]}")).Code);
    }

    [Theory]
    [InlineData("DELETE", "/api/hooks?ulr=x", "those are url. Did you mean 'url'?")]
    [InlineData("POST", "/deploy?isAsinc=true", "those are isAsync, async. Did you mean 'isAsync'?")]
    [InlineData("POST", "/api/deployments/x/log?rum=1", "those are run. Did you mean 'run'?")]
    [InlineData("PUT", "/api/zipdeploy?autor=x", "Did you mean 'author'?")]
    [InlineData("POST", "/api/tokens?expires=1d", "it takes none.")]
    [InlineData("PUT", "/api/deployments/x?clean=true", "those are isAsync, async.")]
    public async Task Refusal_names_the_nearest_parameter(string method, string path, string end)
    {
        Reply reply = await _server.SendAsync(new HttpMethod(method), path);

        Assert.Equal(400, reply.Code);
        Assert.EndsWith(end, reply.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/hooks?sate=gone", "'sate' is not a parameter of this request; those are ")]
    [InlineData("/api/hooks?sate=gone", "state")]
    [InlineData("/api/deliveries?hok=1", "hook, event, type, deployment, state, since, until, limit, before")]
    [InlineData("/api/deployments?befor=2026-01-01", "limit")]
    [InlineData("/api/audit?acton=x", "action")]
    [InlineData("/api/deployments/latest?deploier=x", "deployer, time")]
    public async Task Refusal_names_the_parameter_and_those_that_there_are(string path, string text)
    {
        Reply reply = await _server.GetAsync(path);

        Assert.Equal(400, reply.Code);
        Assert.Contains(text, reply.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/hooks?STATE=all&api-version=2018-02-01")]
    [InlineData("/api/deliveries?Limit=1")]
    [InlineData("/api/sites?api-version=1")]
    public async Task Known_parameters_are_taken_in_any_case(string path) => Assert.Equal(200, (await _server.GetAsync(path)).Code);

    [Fact]
    public async Task Deployments_of_a_deployer_need_no_time_and_a_wrong_time_is_refused()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        Reply mine = await _server.SendAsync(HttpMethod.Post, $"{site.Api}/zipdeploy?deployer=me", Zips.Of(("a", "1")));
        await site.ZipAsync(("a", "2"));

        Assert.Equal(mine["id"], (await _server.GetAsync($"{site.Api}/deployments/latest?deployer=me"))["id"]);
        Assert.Contains("'time' must be a time", (await _server.GetAsync($"{site.Api}/deployments/latest?deployer=me&time=soon")).Reason, StringComparison.Ordinal);
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
    public void Flag_is_true_or_false(string text, bool? value) => Assert.Equal((value, value is not null), (QueryFlag.Read(text), QueryFlag.IsFlag(text)));
}
