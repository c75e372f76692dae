using Nyala.Client;
using Nyala.Tests.Deploying.Fetch;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying;

/// <summary>Faults of the server itself. A deployment that fails leaves the current release live, and the next deployment gets its turn.</summary>
public sealed class FaultTests
{
    private const string Index = "index.html";
    private const string Reason = "The server failed. Its log has details.";

    private readonly FaultyStore _store = new();

    [Fact]
    public async Task A_deployment_whose_success_cannot_be_recorded_fails_and_the_previous_release_stays_live()
    {
        await using TestServer server = await TestServer.StartAsync(replace: _store.PutUnder);
        DeployingSite site = await DeployingSite.CreateAsync(server);
        string first = (await site.ZipAsync((Index, "one")))["id"];
        await using Receiver receiver = await Receiver.StartAsync();
        await server.PostAsync($"{site.Api}/hooks", Some.Hook(receiver.Url.AbsoluteUri));
        _store.Fails = tables => tables.Runs.Active(site.Name) is { } active && active.Deployment != first;

        Reply failed = await site.ZipAsync((Index, "two")).InTimeAsync();

        Assert.Equal((422, "3", Reason), (failed.Code, failed["status"], failed["status_text"]));
        Assert.Equal("one", site.Read(Index));
        Assert.Single(Directory.EnumerateDirectories(site.Folder.Releases));
        Received told = await receiver.NextAsync();
        Assert.Equal((failed["id"], "failed", Reason), (told["id"], told["status"], told["statusText"]));
        Assert.Equal(Reason, (await site.LogAsync(failed["id"]))[^1]);
        _store.Fails = null;
        Assert.Equal(200, (await site.ZipAsync((Index, "three"))).Code);
    }

    [Fact]
    public async Task A_deployment_whose_end_cannot_be_recorded_frees_the_site_and_ends_at_the_next_start()
    {
        var log = new CapturedLog();
        await using TestServer server = await TestServer.StartAsync(replace: _store.PutUnder, log: log);
        DeployingSite site = await DeployingSite.CreateAsync(server);
        _store.Fails = tables => tables.Runs.Latest(site.Name)?.Ended is not null;

        Assert.Equal(500, (await site.ZipAsync((Index, "one")).InTimeAsync()).Code);

        string id = (await server.GetAsync($"{site.Api}/deployments/latest"))["id"];
        Assert.Contains(log.Lines, line => line.Contains($"The end of deployment {id} at {site.Name} could not be stored", StringComparison.Ordinal));
        _store.Fails = null;
        Assert.Equal(200, (await site.ZipAsync((Index, "two"))).Code);
        await server.RestartAsync();
        Assert.Equal("3", (await server.GetAsync($"{site.Api}/deployments/{id}"))["status"]);
        Assert.Equal("two", site.Read(Index));
    }

    [Fact]
    public async Task A_deployment_whose_log_cannot_be_written_still_succeeds()
    {
        await using TestServer server = await TestServer.StartAsync(replace: _store.PutUnder);
        DeployingSite site = await DeployingSite.CreateAsync(server, command: "seq 20000");
        _store.Fails = tables => tables.Runs.Latest(site.Name) is { Ended: null } run && tables.Log.Extent(run.Id).LastSeq > 0;

        Assert.Equal(200, (await site.ZipAsync((Index, "one")).InTimeAsync()).Code);
        Assert.Equal("one", site.Read(Index));
    }

    [Fact]
    public async Task A_waiting_push_that_cannot_start_ends_as_failed_and_the_next_push_is_deployed()
    {
        await using TestServer server = await TestServer.StartAsync(replace: _store.PutUnder);
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(server);
        string[] commits = [host.Repository.Commit(), host.Repository.Commit(), host.Repository.Commit()];
        var open = new TaskCompletionSource();
        host.Open = open.Task;
        await site.PushAsync(host.Url, commits[0]);
        await site.PushAsync(host.Url, commits[1]);
        _store.Fails = tables => tables.Runs.FindLatest(site.Name, commits[1]) is { Status: DeploymentStatus.Building };

        open.SetResult();

        Received[] told = [await site.ToldAsync(), await site.ToldAsync()];
        Assert.Equal((commits[1], "failed", Reason), (told[1]["id"], told[1]["status"], told[1]["statusText"]));
        await site.PushAsync(host.Url, commits[2]);
        Assert.Equal((commits[2], "success"), ((await site.ToldAsync()) is { } last ? (last["id"], last["status"]) : default));
    }

    [Fact]
    public async Task A_cancel_that_cannot_be_recorded_returns_500_and_the_waiting_push_is_deployed()
    {
        await using TestServer server = await TestServer.StartAsync(replace: _store.PutUnder);
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(server);
        string[] commits = [host.Repository.Commit(), host.Repository.Commit()];
        var open = new TaskCompletionSource();
        host.Open = open.Task;
        await site.PushAsync(host.Url, commits[0]);
        await site.PushAsync(host.Url, commits[1]);
        _store.Fails = tables => tables.Runs.FindLatest(site.Name, commits[1]) is { Status: DeploymentStatus.Failed };

        Reply reply = await server.SendAsync(HttpMethod.Post, $"/sites/{site.Name}/api/deployments/{commits[1]}/cancel");

        Assert.Equal(500, reply.Code);
        _store.Fails = null;
        open.SetResult();
        Received[] told = [await site.ToldAsync(), await site.ToldAsync()];
        Assert.Equal((commits[1], "1", "success"), (told[1]["id"], told[1]["run"], told[1]["status"]));
    }
}
