using System.Text.Json;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deployments;

/// <summary>Reads of the earlier runs of a deployment.</summary>
public sealed class EarlierRunTests(SharedServer shared) : IAsyncLifetime
{
    private readonly TestServer _server = shared.Server;
    private readonly string _site = Some.Site();

    private string Deployments => $"/sites/{_site}/api/deployments";

    public async ValueTask InitializeAsync()
    {
        foreach (string run in (string[])["one", "two", "three"])
        {
            await _server.PutAsync($"{Deployments}/c1", Some.Report(1, run));
            await _server.SendAsync(HttpMethod.Post, $"{Deployments}/c1/log?run={run}", JsonSerializer.Serialize(new[] { new { message = $"of {run}" } }));
            System.Text.Json.Nodes.JsonObject end = Some.Report(run == "one" ? 3 : 4, run);
            end["details"] = $"detail of {run}";
            await _server.PutAsync($"{Deployments}/c1", end);
        }

        await _server.PutAsync($"{Deployments}/c2", Some.Report());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_runs_of_a_deployment_are_listed_page_by_page()
    {
        Reply first = await _server.GetAsync($"{Deployments}/c1/runs?limit=2");

        Assert.Equal([3, 2], Runs(first));
        string next = first.Headers["Link"];
        Assert.Equal($"<{_server.Address.AbsoluteUri.TrimEnd('/')}{Deployments}/c1/runs?limit=2&before=2>; rel=\"next\"", next);
        Reply second = await _server.GetAsync(next[1..next.IndexOf('>', StringComparison.Ordinal)]);
        Assert.Equal([1], Runs(second));
        Assert.False(second.Headers.ContainsKey("Link"));
        Assert.Equal(404, (await _server.GetAsync($"{Deployments}/c3/runs")).Code);
        Assert.Equal(400, (await _server.GetAsync($"{Deployments}/c1/runs?limit=0")).Code);
        Assert.Equal(400, (await _server.GetAsync($"{Deployments}/c1/runs?before=x")).Code);
    }

    [Fact]
    public async Task An_earlier_run_can_be_read_with_its_log_its_details_and_its_stream()
    {
        JsonElement run = (await _server.GetAsync($"{Deployments}/c1/runs")).Json[2];
        Reply read = await _server.GetAsync(run.GetProperty("url").GetString()!);
        Reply log = await _server.GetAsync(read["log_url"]);
        Reply details = await _server.GetAsync(log.Json[1].GetProperty("details_url").GetString()!);
        Reply stream = await _server.GetAsync($"{Deployments}/c1/log/stream?run=1").InTimeAsync();

        Assert.Equal(("1", "3", run.GetRawText()), (read["run"], read["status"], read.Text));
        Assert.Equal(["of one", "Deployment failed."], Messages(log));
        Assert.Equal(["detail of one"], Messages(details));
        Assert.Contains("of one", stream.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("of two", stream.Text, StringComparison.Ordinal);
        Assert.Contains("\"run\":1", stream.Text, StringComparison.Ordinal);
        Assert.Equal(["of three", "Deployment successful."], Messages(await _server.GetAsync($"{Deployments}/c1/log")));
    }

    [Theory]
    [InlineData("c1", "4", "Deployment 'c1' has no run '4'. It has the runs 1 to 3.")]
    [InlineData("c1", "0", "Deployment 'c1' has no run '0'. It has the runs 1 to 3.")]
    [InlineData("c1", "one", "Deployment 'c1' has no run 'one'. It has the runs 1 to 3.")]
    [InlineData("c1", "", "Deployment 'c1' has no run ''. It has the runs 1 to 3.")]
    [InlineData("c1", "99999999999", "Deployment 'c1' has no run '99999999999'. It has the runs 1 to 3.")]
    [InlineData("c2", "2", "Deployment 'c2' has no run '2'. It has only run 1.")]
    [InlineData("c3", "1", "Deployment 'c3' not found.")]
    public async Task An_unknown_run_returns_404_and_names_the_runs_that_exist(string deployment, string run, string message)
    {
        foreach (string path in (string[])["", "/log", "/log/1", "/log/stream"])
        {
            Reply reply = await _server.GetAsync($"{Deployments}/{deployment}{path}?run={run}");

            Assert.Equal((404, message), (reply.Code, reply["Message"]));
        }
    }

    [Fact]
    public async Task The_list_shows_each_deployment_once_or_every_run_if_runs_is_all()
    {
        Assert.Equal([("c2", 1), ("c1", 3)], Named(await _server.GetAsync(Deployments)));
        Assert.Equal([("c2", 1), ("c1", 3), ("c1", 2), ("c1", 1)], Named(await _server.GetAsync($"{Deployments}?runs=all")));
        Assert.Equal([("c2", 1), ("c1", 3)], Named(await _server.GetAsync($"{Deployments}?runs=all&limit=2")));
        Assert.Equal(400, (await _server.GetAsync($"{Deployments}?runs=some")).Code);
    }

    private static IEnumerable<int> Runs(Reply reply) => reply.Json.EnumerateArray().Select(run => run.GetProperty("run").GetInt32());

    private static IEnumerable<(string, int)> Named(Reply reply) =>
        reply.Json.EnumerateArray().Select(run => (run.GetProperty("id").GetString()!, run.GetProperty("run").GetInt32()));

    private static IEnumerable<string?> Messages(Reply reply) => reply.Json.EnumerateArray().Select(entry => entry.GetProperty("message").GetString());
}
