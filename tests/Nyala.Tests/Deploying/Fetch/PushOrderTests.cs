using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Fetch;

/// <summary>The site runs the tip of its branch even if push hooks arrive late, twice or in another order than the pushes.</summary>
public sealed class PushOrderTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task Push_hooks_that_arrive_newest_first_leave_the_newest_commit_live()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string old = host.Repository.Commit(content: "old");
        string tip = await site.DeployNewAsync(host, "new");

        Reply late = await site.PushAsync(host.Url, old);

        Assert.Equal((202, old), (late.Code, late["id"]));
        Received told = await site.ToldAsync();
        Assert.Equal(
            (old, "failed", $"Superseded: the branch 'main' of {host.Url} is at {tip}, which contains {old}. {tip} was already deployed."),
            (told["id"], told["status"], told["statusText"]));
        Assert.Equal("new", await site.FileAsync());
        Assert.Equal([(old, 3, false), (tip, 4, true)], await site.ListAsync());
        Assert.Equal(told["statusText"], (await site.LogAsync(old))[^1]);
    }

    [Fact]
    public async Task The_first_of_two_quick_pushes_deploys_the_tip_and_the_second_deploys_nothing()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string old = host.Repository.Commit(content: "old");
        string tip = host.Repository.Commit(content: "new", message: "Say hello");

        await site.PushAsync(host.Url, old);

        Assert.Equal((old, "failed"), await EndAsync(site));
        Received told = await site.ToldAsync();
        Assert.Equal((tip, "success", "Ann", "GitHub", "main"), (told["id"], told["status"], told["author"], told["deployer"], told["branch"]));
        Assert.StartsWith("Say hello", told["message"], StringComparison.Ordinal);
        Reply second = await site.PushAsync(host.Url, tip);
        Assert.Equal(200, second.Code);
        Assert.StartsWith($"{tip} was already deployed by run 1, and no newer commit of the branch 'main' is known.", second.Text, StringComparison.Ordinal);
        Assert.Equal([(tip, 4, true), (old, 3, false)], await site.ListAsync());
        Assert.Equal("new", await site.FileAsync());
    }

    [Fact]
    public async Task A_branch_that_is_forced_back_and_then_forward_is_deployed_each_time()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string old = await site.DeployNewAsync(host, "old");
        string tip = await site.DeployNewAsync(host, "new");

        host.Repository.Move(old);
        Assert.Equal(202, (await site.PushAsync(host.Url, old)).Code);

        Assert.Equal((old, "success"), await EndAsync(site));
        Assert.Equal("old", await site.FileAsync());
        host.Repository.Move(tip);
        Assert.Equal(202, (await site.PushAsync(host.Url, tip)).Code);
        Assert.Equal((tip, "success"), await EndAsync(site));
        Assert.Equal("new", await site.FileAsync());
    }

    [Fact]
    public async Task A_push_of_a_commit_that_was_forced_away_deploys_the_tip()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string root = host.Repository.Commit(content: "root");
        string away = host.Repository.Commit(content: "away");
        host.Repository.Move(root);

        await site.PushAsync(host.Url, away);

        Received told = await site.ToldAsync();
        Assert.Equal(
            (away, $"Superseded: the branch 'main' of {host.Url} is at {root} and no longer contains {away}. {root} is deployed instead."),
            (told["id"], told["statusText"]));
        Assert.Equal((root, "success"), await EndAsync(site));
        Assert.Equal("root", await site.FileAsync());
    }

    [Fact]
    public async Task A_push_webhook_of_a_deleted_branch_ends_as_failed()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string commit = host.Repository.Commit();
        host.Repository.Move(null);
        host.Repository.Commit(branch: "other");

        await site.PushAsync(host.Url, commit);

        Received told = await site.ToldAsync();
        Assert.Equal((commit, "failed", $"{host.Url} no longer has a branch 'main', so there is nothing to deploy."), (told["id"], told["status"], told["statusText"]));
    }

    [Fact]
    public async Task Late_push_webhooks_do_not_undo_a_rollback()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string old = await site.DeployNewAsync(host, "old");
        string tip = await site.DeployNewAsync(host, "new");
        Assert.Equal(200, (await _server.SendAsync(HttpMethod.Post, $"/sites/{site.Name}/api/deployments/rollback")).Code);
        await site.ToldAsync();

        Reply[] late = [await site.PushAsync(host.Url, old), await site.PushAsync(host.Url, tip)];

        Assert.Equal([200, 200], late.Select(reply => reply.Code));
        Assert.Equal($"Superseded: the branch 'main' of {host.Url} is at {tip}, which contains {old}. {tip} was already deployed.\n", late[0].Text);
        Assert.Equal([(tip, 4, false), (old, 4, true)], (await site.ListAsync()).OrderBy(one => one.Active));
        Assert.Equal("old", await site.FileAsync());
        await site.DeployNewAsync(host, "next");
    }

    [Fact]
    public async Task A_late_push_webhook_of_an_older_commit_deploys_a_tip_that_was_never_reported()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string old = await site.DeployNewAsync(host, "old");
        await site.DeployNewAsync(host, "middle");
        string tip = host.Repository.Commit(content: "new");

        Reply late = await site.PushAsync(host.Url, old);

        Assert.Equal(202, late.Code);
        Assert.Contains($"{tip} is deployed instead.", late.Text, StringComparison.Ordinal);
        Assert.EndsWith($"/api/deployments/{tip}", late.Headers["Location"], StringComparison.Ordinal);
        Assert.Equal((tip, "success"), await EndAsync(site));
        Assert.Equal("4", (await site.GetAsync($"/{old}"))["status"]);
    }

    [Fact]
    public async Task A_repeated_push_webhook_of_the_live_commit_deploys_a_newer_tip()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string old = await site.DeployNewAsync(host, "old");
        string tip = host.Repository.Commit(content: "new");

        Reply repeated = await site.PushAsync(host.Url, old);

        Assert.Equal(
            (202, $"Superseded: the branch 'main' of {host.Url} is at {tip}, not at {old}. {tip} is deployed instead.\n"), (repeated.Code, repeated.Text));
        Assert.Equal((tip, "success"), await EndAsync(site));
        Assert.Equal("new", await site.FileAsync());
    }

    [Fact]
    public async Task A_push_behind_a_direct_push_is_superseded_but_a_diverging_push_is_deployed()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string remote = host.Repository.Commit(content: "remote");
        string clone = Path.Combine(host.Repository.Root, "clone");
        SourceRepository.Git("clone", "--quiet", host.Repository.Folder, clone);
        SourceRepository.Git("-C", clone, "commit", "--quiet", "--allow-empty", "--message", "Ours");
        string ours = SourceRepository.Git("-C", clone, "rev-parse", "HEAD");
        SourceRepository.Git("-C", clone, "push", "--quiet", $"http://x:{TestServer.Token}@127.0.0.1:{_server.Address.Port}/{site.Name}.git", "main");
        Assert.Equal((ours, "success"), await EndAsync(site));

        await site.PushAsync(host.Url, remote);

        Received told = await site.ToldAsync();
        Assert.Equal((remote, "failed"), (told["id"], told["status"]));
        Assert.StartsWith($"Superseded: the site runs {ours}, which contains {remote} and was not deployed from this branch.", told["statusText"], StringComparison.Ordinal);
        await site.DeployNewAsync(host, "next");
    }

    [Fact]
    public async Task A_commit_requested_by_its_id_is_deployed_even_if_it_is_not_the_tip()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string old = host.Repository.Commit(content: "old");
        string tip = await site.DeployNewAsync(host, "new");

        Assert.Equal((200, old), ((await site.DeployAsync($"{host.Url}#{old}")) is var reply ? reply.Code : 0, reply["id"]));

        Assert.Equal("old", await site.FileAsync());
    }

    [Fact]
    public async Task A_push_delivery_is_accepted_once_per_site_even_after_a_restart()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(server);
        await using FetchedSite other = await FetchedSite.CreateAsync(server);
        string commit = host.Repository.Commit();

        Reply[] both = await Task.WhenAll(site.PushAsync(host.Url, commit, delivery: "72d3162e-cc78"), site.PushAsync(host.Url, commit, delivery: "72d3162e-cc78"));

        Assert.Equal([200, 202], both.Select(reply => reply.Code).Order());
        await site.ToldAsync();
        await server.RestartAsync();
        Reply again = await site.PushAsync(host.Url, commit, delivery: "72d3162e-cc78");
        Assert.Equal(
            (200, $"This delivery was already accepted: deployment {commit}, run 1, succeeded. To deploy it again, run `nyala deployments redeploy {commit} --site {site.Name}`.\n"),
            (again.Code, again.Text));
        Assert.EndsWith($"/sites/{site.Name}/api/deployments/{commit}", again.Headers["Location"], StringComparison.Ordinal);
        Assert.Equal("1", (await site.GetAsync($"/{commit}"))["run"]);
        Assert.Equal(202, (await other.PushAsync(host.Url, commit, delivery: "72d3162e-cc78")).Code);
        await other.ToldAsync();
    }

    [Fact]
    public async Task One_delivery_id_is_accepted_for_pushes_of_several_commits()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        foreach (string content in (string[])["first", "second"])
        {
            string commit = host.Repository.Commit(content: content);
            Assert.Equal(202, (await site.PushAsync(host.Url, commit, delivery: "72d3162e-cc79")).Code);
            Assert.Equal((commit, "success"), await EndAsync(site));
        }
    }

    [Fact]
    public async Task A_push_whose_deployment_failed_is_accepted_again()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server, command: "exit 1");
        string commit = host.Repository.Commit();
        for (int round = 0; round < 2; round++)
        {
            Assert.Equal(202, (await site.PushAsync(host.Url, commit)).Code);
            Assert.Equal((commit, "failed"), await EndAsync(site));
        }
    }

    [Fact]
    public async Task A_delivery_that_was_refused_or_cut_off_by_a_stop_is_accepted_again()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(server);
        string commit = host.Repository.Commit();
        Assert.Equal(422, (await site.PushAsync("http://169.254.169.254/shop.git", commit, delivery: "d1")).Code);
        var open = new TaskCompletionSource();
        host.Open = open.Task;
        Assert.Equal(202, (await site.PushAsync(host.Url, commit, delivery: "d1")).Code);
        await server.RestartAsync();
        Assert.Equal((commit, "failed"), await EndAsync(site));
        open.SetResult();

        Assert.Equal(202, (await site.PushAsync(host.Url, commit, delivery: "d1")).Code);

        Assert.Equal((commit, "success"), await EndAsync(site));
    }

    [Fact]
    public async Task A_site_switched_back_from_a_branch_that_is_ahead_deploys_its_earlier_branch()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        await site.DeployNewAsync(host, "first");
        string tip = host.Repository.Commit(content: "main");
        host.Repository.Move(tip, "next");
        await SetBranchAsync(site, "next");
        await site.DeployNewAsync(host, "next", branch: "next");

        await SetBranchAsync(site, "main");
        await site.PushAsync(host.Url, tip);

        Assert.Equal((tip, "success"), await EndAsync(site));
        Assert.Equal("main", await site.FileAsync());
    }

    [Fact]
    public async Task The_deploy_command_can_read_the_history_of_a_fetched_push()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server, command: "git log --format=%H > $DEPLOYMENT_TARGET/index.html");
        string[] commits = [host.Repository.Commit(content: "one"), host.Repository.Commit(content: "two")];

        await site.PushAsync(host.Url, commits[1]);

        Assert.Equal((commits[1], "success"), await EndAsync(site));
        Assert.Equal($"{commits[1]}\n{commits[0]}\n", await site.FileAsync());
    }

    private async Task SetBranchAsync(FetchedSite site, string branch) =>
        Assert.Equal(200, (await _server.SendAsync(HttpMethod.Patch, $"/api/sites/{site.Name}", $$"""{"branch":"{{branch}}"}""")).Code);

    private static async Task<(string Id, string Status)> EndAsync(FetchedSite site)
    {
        Received told = await site.ToldAsync();
        return (told["id"], told["status"]);
    }
}
