using Nyala.Tests.Deploying.Fetch;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying;

/// <summary>Redeployments, rollbacks, and the releases and zips that are kept for them.</summary>
public sealed class RedeployTests(SharedServer shared)
{
    private const string Index = "index.html";

    private readonly TestServer _server = shared.Server;

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{"clean":true,"needFileUpdate":false}""")]
    public async Task A_redeployment_is_a_new_run_with_its_own_release_folder(string? body)
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        string one = (await site.ZipAsync((Index, "one")))["id"];
        string two = (await site.ZipAsync((Index, "two")))["id"];

        Reply again = await _server.SendAsync(HttpMethod.Put, $"{site.Api}/deployments/{one}", body);

        Assert.Equal((200, one, "2", "4", "True"), (again.Code, again["id"], again["run"], again["status"], again["active"]));
        Assert.Equal("one", site.Read(Index));
        Assert.Equal(
            new HashSet<string> { $"{one}-1", $"{two}-1", $"{one}-2" }, Directory.EnumerateDirectories(site.Folder.Releases).Select(Path.GetFileName).ToHashSet()!);
    }

    [Fact]
    public async Task Each_rollback_goes_one_deployment_back_and_returns_409_at_the_first()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        foreach (string text in (string[])["one", "two", "three"])
        {
            await site.ZipAsync((Index, text));
        }

        Assert.Equal(200, (await RollBackAsync(site)).Code);
        Assert.Equal("two", site.Read(Index));
        Assert.Equal(200, (await RollBackAsync(site)).Code);
        Assert.Equal("one", site.Read(Index));
        Reply end = await RollBackAsync(site);
        Assert.Equal(409, end.Code);
        Assert.Contains("no deployment to roll back to", end.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollback_skips_failed_deployments()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        await site.ZipAsync((Index, "one"));
        await site.ZipAsync((Index, "bad"), (".deployment", "[config]\ncommand=false\n"));
        await site.ZipAsync((Index, "two"));

        await RollBackAsync(site);

        Assert.Equal("one", site.Read(Index));
    }

    [Fact]
    public async Task Redeploying_a_reported_deployment_returns_404()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        string id = Some.DeploymentId();
        await _server.PutAsync($"{site.Api}/deployments/{id}", Some.Report());

        Reply reply = await _server.SendAsync(HttpMethod.Put, $"{site.Api}/deployments/{id}");

        Assert.Equal(404, reply.Code);
        Assert.Contains("was only reported to this server", reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_the_deployment_that_the_site_runs_returns_409_even_if_a_report_is_active()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        string old = (await site.ZipAsync((Index, "one")))["id"];
        string id = (await site.ZipAsync((Index, "two")))["id"];
        await _server.PutAsync($"{site.Api}/deployments/{Some.DeploymentId()}", Some.Report());

        Reply reply = await _server.DeleteAsync($"{site.Api}/deployments/{id}");

        Assert.Equal("False", (await _server.GetAsync($"{site.Api}/deployments/{id}"))["active"]);
        Assert.Equal(409, reply.Code);
        Assert.Contains("because the site runs its files", reply.Reason, StringComparison.Ordinal);
        Assert.Equal(204, (await _server.DeleteAsync($"{site.Api}/deployments/{old}")).Code);
    }

    [Fact]
    public async Task A_report_without_a_status_returns_400_and_does_not_redeploy()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        string id = (await site.ZipAsync((Index, "one")))["id"];

        Reply reply = await _server.SendAsync(HttpMethod.Put, $"{site.Api}/deployments/{id}", """{"message":"m","author":"a","deployer":"d"}""");

        Assert.Equal(400, reply.Code);
        Assert.Contains("'status' is missing", reply.Reason, StringComparison.Ordinal);
        Assert.Equal("1", (await _server.GetAsync($"{site.Api}/deployments/{id}"))["run"]);
    }

    [Fact]
    public async Task Redeploying_the_id_of_a_git_tree_or_blob_returns_404()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string commit = await site.DeployNewAsync(host, "hello");

        foreach (string part in (string[])["^{tree}", ":index.html"])
        {
            string id = SourceRepository.Git("-C", host.Repository.Folder, "rev-parse", commit + part);
            Reply reply = await _server.SendAsync(HttpMethod.Put, $"/sites/{site.Name}/api/deployments/{id}", "{}");
            Assert.Equal((404, $"Deployment '{id}' not found."), (reply.Code, reply["Message"]));
        }

        Assert.Equal([(commit, 4, true)], await site.ListAsync());
    }

    [Fact]
    public async Task A_redeployment_without_an_id_redeploys_the_latest_deployment()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        Assert.Equal(404, (await _server.SendAsync(HttpMethod.Put, $"{site.Api}/deployments")).Code);
        string id = (await site.ZipAsync((Index, "one")))["id"];

        Reply reply = await _server.SendAsync(HttpMethod.Put, $"{site.Api}/deployments");

        Assert.Equal((200, id, "2"), (reply.Code, reply["id"], reply["run"]));
    }

    [Fact]
    public async Task A_site_keeps_as_many_releases_and_zips_as_its_keep_setting_says()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server, keep: 2);
        string[] ids = new string[4];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = (await site.ZipAsync((Index, $"{i}")))["id"];
        }

        await EventuallyAsync(site.Folder.Releases, $"{ids[2]}-1", $"{ids[3]}-1");
        await EventuallyAsync(site.Folder.Packages, $"{ids[2]}.zip", $"{ids[3]}.zip");
        Reply gone = await _server.SendAsync(HttpMethod.Put, $"{site.Api}/deployments/{ids[0]}");
        Assert.Equal(404, gone.Code);
        Assert.Contains("keeps the zips of its newest 2 deployments", gone.Reason, StringComparison.Ordinal);
        Assert.Equal("3", site.Read(Index));
    }

    [Fact]
    public async Task A_zip_whose_deployment_failed_is_redeployed_after_the_command_is_fixed()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server, "test -e ok");
        Reply failed = await site.ZipAsync((Index, "one"));
        await _server.SendAsync(HttpMethod.Patch, $"/api/sites/{site.Name}", """{"command":null}""");

        Reply again = await _server.SendAsync(HttpMethod.Put, $"{site.Api}/deployments/{failed["id"]}");

        Assert.Equal((422, 200, "one"), (failed.Code, again.Code, site.Read(Index)));
    }

    [Fact]
    public async Task A_report_for_a_deployment_that_the_server_performs_returns_409()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server, "while [ ! -e go ]; do :; done");
        Reply begun = await site.BeginAsync((Index, "one"));

        Reply report = await _server.PutAsync($"{site.Api}/deployments/{begun["id"]}", Some.Report());

        Assert.Equal((409, $"Deployment with id '{begun["id"]}' exists"), (report.Code, report.Reason));
        await LetGoAsync(site, begun["id"]);
    }

    [Fact]
    public async Task A_second_deployment_of_a_busy_site_returns_409_but_a_report_is_accepted()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server, "while [ ! -e go ]; do :; done");
        Reply begun = await site.BeginAsync((Index, "one"));

        Reply zip = await site.ZipAsync((Index, "two"));
        Reply again = await _server.SendAsync(HttpMethod.Put, $"{site.Api}/deployments/{begun["id"]}");
        Reply report = await _server.PutAsync($"{site.Api}/deployments/{Some.DeploymentId()}", Some.Report());

        Assert.Equal(409, zip.Code);
        Assert.Equal($"There is a deployment currently in progress at this site. Please retry operation later. In progress: {begun["id"]}.", zip.Text);
        Assert.Equal(zip.Text, again.Text);
        Assert.Equal((409, 200), (again.Code, report.Code));
        await LetGoAsync(site, begun["id"]);
        Assert.Equal(200, (await _server.SendAsync(HttpMethod.Post, $"{(await DeployingSite.CreateAsync(_server)).Api}/zipdeploy", Zips.Of((Index, "other")))).Code);
    }

    [Fact]
    public async Task Deploying_to_an_unknown_site_returns_404_and_suggests_nyala_sites_create()
    {
        string site = Some.Site();

        Reply reply = await _server.SendAsync(HttpMethod.Post, $"/sites/{site}/api/zipdeploy", Zips.Of((Index, "one")));

        Assert.Equal(404, reply.Code);
        Assert.Contains($"nyala sites create {site}", reply.Reason, StringComparison.Ordinal);
    }

    private Task<Reply> RollBackAsync(DeployingSite site) => _server.SendAsync(HttpMethod.Post, $"{site.Api}/deployments/rollback");

    private static async Task LetGoAsync(DeployingSite site, string id)
    {
        await File.WriteAllTextAsync(Path.Combine(site.Folder.Work, $"{id}-1", "go"), "", TestContext.Current.CancellationToken);
        Assert.Equal("4", (await site.EndAsync(id))["status"]);
    }

    /// <summary>Waits until a folder holds exactly these names. Old entries are removed after the response.</summary>
    private static async Task EventuallyAsync(string folder, params string[] names)
    {
        using var watch = new FileSystemWatcher(folder);
        var change = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)!).Order().SequenceEqual(names.Order()))
            {
                change.TrySetResult();
            }
        }

        watch.Deleted += (_, _) => Look();
        watch.EnableRaisingEvents = true;
        Look();
        await change.Task.InTimeAsync();
    }
}
