using System.Text.Json;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying;

/// <summary>The event stream of a deployment's log.</summary>
public sealed class LogStreamTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task Lines_arrive_while_the_deployment_runs_and_its_end_is_the_last_event()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server, "echo first; while [ ! -e go ]; do :; done; echo second");
        Reply begun = await site.BeginAsync(("index.html", "one"));
        var events = new List<(string Type, string Data)>();

        await foreach ((string type, string data) in new LogStream(_server, $"{site.Api}/deployments/{begun["id"]}").EventsAsync())
        {
            events.Add((type, data));
            if (data.Contains("\"first\"", StringComparison.Ordinal))
            {
                await File.WriteAllTextAsync(Path.Combine(site.Folder.Work, $"{begun["id"]}-1", "go"), "", TestContext.Current.CancellationToken);
            }
        }

        Assert.Equal(["first", "second", "Deployment successful."], events.SkipLast(1).Select(Message).TakeLast(3));
        Assert.Equal(("end", 4), (events[^1].Type, JsonElement.Parse(events[^1].Data).GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task A_stream_with_a_Last_Event_ID_continues_after_that_line()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server, "echo first; echo second");
        string id = (await site.ZipAsync(("index.html", "one")))["id"];
        string first = (await _server.GetAsync($"{site.Api}/deployments/{id}/log")).Json.EnumerateArray()
            .First(entry => entry.GetProperty("message").GetString() == "first").GetProperty("id").GetString()!;

        List<(string Type, string Data)> rest = [];
        await foreach ((string Type, string Data) item in new LogStream(_server, $"{site.Api}/deployments/{id}").EventsAsync(first))
        {
            rest.Add(item);
        }

        Assert.Equal(["second", "Deployment successful."], rest.SkipLast(1).Select(Message));
    }

    [Fact]
    public async Task The_log_of_a_reported_deployment_is_streamed()
    {
        string deployment = $"/sites/{Some.Site()}/api/deployments/{Some.DeploymentId()}";
        await _server.PutAsync(deployment, Some.Report(1, "one"));
        var lines = new List<string>();

        bool appended = false;
        await _server.SendAsync(HttpMethod.Post, deployment + "/log", """[{"message":"before"}]""");
        await foreach (string line in new LogStream(_server, deployment).LinesAsync())
        {
            lines.Add(line);
            if (!appended)
            {
                appended = true;
                await _server.SendAsync(HttpMethod.Post, deployment + "/log", """[{"message":"while"}]""");
                await _server.PutAsync(deployment, Some.Report(4, "one"));
            }
        }

        Assert.Equal(["before", "while", "Deployment successful."], lines);
    }

    [Fact]
    public async Task A_quiet_stream_sends_an_empty_message_after_15_seconds()
    {
        var clock = new SignalClock();
        await using TestServer server = await TestServer.StartAsync(clock: clock);
        string deployment = $"/api/deployments/{Some.DeploymentId()}";
        await server.PutAsync(deployment, Some.Report(1, "one"));
        await using IAsyncEnumerator<(string Type, string Data)> events = new LogStream(server, deployment).EventsAsync().GetAsyncEnumerator(TestContext.Current.CancellationToken);

        ValueTask<bool> next = events.MoveNextAsync();
        await clock.TimerAsync(TimeSpan.FromSeconds(15));
        clock.Advance(TimeSpan.FromSeconds(15));

        Assert.True(await next);
        Assert.Equal(("message", ""), events.Current);
    }

    [Fact]
    public async Task The_stream_ends_when_the_server_stops()
    {
        await using TestServer server = await TestServer.StartAsync();
        string deployment = $"/api/deployments/{Some.DeploymentId()}";
        await server.PutAsync(deployment, Some.Report(1, "one"));
        await server.SendAsync(HttpMethod.Post, deployment + "/log", """[{"message":"one"}]""");
        await using IAsyncEnumerator<(string Type, string Data)> events = new LogStream(server, deployment).EventsAsync().GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await events.MoveNextAsync());

        Task stopped = server.Server.DisposeAsync().AsTask();

        Assert.False(await events.MoveNextAsync());
        await stopped.InTimeAsync();
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    public async Task The_stream_returns_400_for_an_invalid_after_parameter_and_404_if_there_is_no_deployment(string after)
    {
        string deployment = $"/api/deployments/{Some.DeploymentId()}";
        await _server.PutAsync(deployment, Some.Report(1, "one"));

        Assert.Equal(400, (await _server.GetAsync($"{deployment}/log/stream?after={after}")).Code);
        Assert.Equal(404, (await _server.GetAsync($"/api/deployments/{Some.DeploymentId()}/log/stream")).Code);
    }

    private static string? Message((string Type, string Data) item) => JsonElement.Parse(item.Data).GetProperty("message").GetString();
}
