using Microsoft.Extensions.DependencyInjection;
using Nyala.Server.Deploying;
using Nyala.Server.Storage;
using Nyala.Tests.Deploying.Fetch;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying;

/// <summary>Deployments that are canceled.</summary>
public sealed class CancelTests(SharedServer shared)
{
    private const string Index = "index.html";

    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task Canceling_a_running_command_fails_the_deployment_and_keeps_the_current_release()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        await site.ZipAsync((Index, "one"));
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.PostAsync($"{site.Api}/hooks", Some.Hook(receiver.Url.AbsoluteUri));
        (string id, int child) = await BeginAsync(site);

        Reply reply = await CancelAsync(site, id);

        Assert.Equal((200, id, "3", "Canceled by admin."), (reply.Code, reply["id"], reply["status"], reply["status_text"]));
        Received told = await receiver.NextAsync();
        Assert.Equal((id, "failed", "Canceled by admin."), (told["id"], told["status"], told["statusText"]));
        Assert.True(ProcessWatch.Gone(child));
        Assert.Equal("one", site.Read(Index));
        Assert.Equal(["cleaned up", "Canceled by admin."], (await site.LogAsync(id)).TakeLast(2));
        Assert.Single(Directory.EnumerateDirectories(site.Folder.Releases));
        Assert.Empty(Directory.EnumerateFileSystemEntries(site.Folder.Work));
        Reply audit = await _server.GetAsync($"/api/audit?target={id}");
        Assert.Contains("deployment.canceled", audit.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await site.ZipAsync((Index, "three"))).Code);
    }

    [Fact]
    public async Task A_waiting_deployment_that_is_canceled_ends_as_failed_and_never_starts()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string[] commits = [host.Repository.Commit(), host.Repository.Commit(), host.Repository.Commit()];
        var open = new TaskCompletionSource();
        host.Open = open.Task;
        await site.PushAsync(host.Url, commits[0]);
        await site.PushAsync(host.Url, commits[1]);

        Reply reply = await _server.SendAsync(HttpMethod.Post, $"/sites/{site.Name}/api/deployments/{commits[1]}/cancel");

        Assert.Equal((200, "3", "Canceled by admin before it started."), (reply.Code, reply["status"], reply["status_text"]));
        Assert.Equal(["Canceled by admin before it started."], await site.LogAsync(commits[1]));
        await site.PushAsync(host.Url, commits[2]);
        open.SetResult();
        Received[] told = [await site.ToldAsync(), await site.ToldAsync(), await site.ToldAsync()];
        Assert.Equal([(commits[1], "failed"), (commits[0], "failed"), (commits[2], "success")], told.Select(one => (one["id"], one["status"])));
    }

    [Fact]
    public async Task Cancel_ends_a_deployment_that_is_still_fetching()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string commit = host.Repository.Commit();
        var open = new TaskCompletionSource();
        host.Open = open.Task;
        await site.PushAsync(host.Url, commit);

        Reply reply = await _server.SendAsync(HttpMethod.Post, $"/sites/{site.Name}/api/deployments/{commit}/cancel").InTimeAsync();

        Assert.Equal((200, "Canceled by admin."), (reply.Code, reply["status_text"]));
        open.SetResult();
    }

    [Fact]
    public async Task Cancel_returns_409_for_an_ended_or_reported_deployment_and_404_for_an_unknown_one()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        string ended = (await site.ZipAsync((Index, "one")))["id"];
        string reported = Some.DeploymentId();
        await _server.PutAsync($"{site.Api}/deployments/{reported}", Some.Report(status: 1));

        Reply[] replies = [await CancelAsync(site, ended), await CancelAsync(site, reported), await CancelAsync(site, "unknown")];

        Assert.Equal([409, 409, 404], replies.Select(reply => reply.Code));
        Assert.Equal(
            [
                $"Deployment '{ended}' has already ended.",
                $"Deployment '{reported}' runs elsewhere and is only reported here. Stop it where it runs, or report its end.",
                "Deployment 'unknown' not found.",
            ],
            replies.Select(reply => reply.Reason));
        Assert.Equal("1", (await _server.GetAsync($"{site.Api}/deployments/{reported}"))["status"]);
    }

    [Fact]
    public async Task Cancel_ends_the_waiting_run_of_a_commit_first_and_then_its_running_one()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string commit = host.Repository.Commit();
        var open = new TaskCompletionSource();
        host.Open = open.Task;
        await site.PushAsync(host.Url, commit);
        await site.PushAsync(host.Url, commit);

        Reply[] replies = [await CancelAsync(), await CancelAsync(), await CancelAsync()];

        Assert.Equal([(200, "2"), (200, "1")], replies.Take(2).Select(reply => (reply.Code, reply["run"])));
        Assert.Equal((409, $"Deployment '{commit}' has already ended."), (replies[2].Code, replies[2].Reason));
        open.SetResult();

        Task<Reply> CancelAsync() => _server.SendAsync(HttpMethod.Post, $"/sites/{site.Name}/api/deployments/{commit}/cancel").InTimeAsync();
    }

    [Fact]
    public async Task A_running_deployment_can_be_canceled_while_the_webhook_of_the_last_run_is_pending()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        await using Receiver receiver = await Receiver.StartAsync();
        await _server.PostAsync($"{site.Api}/hooks", Some.Hook(receiver.Url.AbsoluteUri));
        receiver.Hold();
        string id = (await site.BeginAsync((Index, "one")))["id"];
        await receiver.NextAsync();
        await _server.Server.Services.GetRequiredService<SiteGate>().ReleasedAsync(site.Name).InTimeAsync();
        await _server.SendAsync(HttpMethod.Patch, $"/api/sites/{site.Name}", """{"command":"sleep 600"}""");
        Assert.Equal(202, (await _server.SendAsync(HttpMethod.Put, $"{site.Api}/deployments/{id}?isAsync=true")).Code);

        Task<Reply> canceling = CancelAsync(site, id);
        await receiver.NextAsync();
        receiver.Release();

        Reply reply = await canceling;
        Assert.Equal((200, "2", "Canceled by admin."), (reply.Code, reply["run"], reply["status_text"]));
    }

    [Fact]
    public async Task A_lock_file_that_an_aborted_fetch_left_does_not_block_the_next_fetch()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        host.Repository.Commit();
        await site.DeployAsync(host.Url);
        string repository = Path.Combine(_server.DataFolder, "sites", site.Name, "repository.git");
        await File.WriteAllTextAsync(Path.Combine(repository, "refs", "nyala", "fetched.lock"), "", TestContext.Current.CancellationToken);
        string next = host.Repository.Commit();

        Reply reply = await site.DeployAsync(host.Url);

        Assert.Equal((200, next), (reply.Code, reply["id"]));
    }

    [Fact]
    public void A_cancellation_and_the_switch_of_the_release_exclude_each_other()
    {
        using var late = new Cancellation(CancellationToken.None);
        Assert.True(late.Close());
        using var early = new Cancellation(CancellationToken.None);

        Assert.False(late.Request(Actor.Server));
        Assert.True(early.Request(Actor.Server));
        Assert.False(early.Close());
    }

    /// <summary>Starts a deployment whose command runs until it is canceled, and returns once the command runs.</summary>
    private async Task<(string Id, int Child)> BeginAsync(DeployingSite site)
    {
        Reply begun = await site.BeginAsync((Index, "two"), (".deployment", "[config]\ncommand = trap 'echo cleaned up' TERM; sleep 600 & echo child $!; wait\n"));
        await foreach (string line in new LogStream(_server, $"{site.Api}/deployments/{begun["id"]}").LinesAsync())
        {
            if (line.StartsWith("child ", StringComparison.Ordinal))
            {
                return (begun["id"], int.Parse(line["child ".Length..], null));
            }
        }

        throw new InvalidOperationException("The command has not begun.");
    }

    private Task<Reply> CancelAsync(DeployingSite site, string id) => _server.SendAsync(HttpMethod.Post, $"{site.Api}/deployments/{id}/cancel");
}
