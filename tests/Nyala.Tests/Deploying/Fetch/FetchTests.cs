using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Nyala.Server.Deploying;
using Nyala.Server.Http;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;
using Nyala.Tests.Sources;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Fetch;

/// <summary><c>POST /deploy</c>, from the request to the deployed commit and its webhook.</summary>
public sealed class FetchTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task A_request_with_a_URL_deploys_the_sites_branch_and_sends_a_webhook()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string head = host.Repository.Commit(content: "<h1>Hello</h1>", message: "Say hello");

        Reply reply = await site.DeployAsync(host.Url);

        Assert.Equal((200, head, "Ann", "127.0.0.1"), (reply.Code, reply["id"], reply["author"], reply["deployer"]));
        Assert.Equal("<h1>Hello</h1>", await site.FileAsync());
        Received told = await site.ToldAsync();
        Assert.Equal((head, "success", "Ann", "ann@example.com", "main"), (told["id"], told["status"], told["author"], told["authorEmail"], told["branch"]));
        Assert.StartsWith("Say hello", told["message"], StringComparison.Ordinal);
        string[] log = await site.LogAsync(head);
        Assert.Equal($"Fetching the commit {head} from {host.Url}.", log[0]);
        Assert.Equal("Deployment successful.", log[^1]);
    }

    [Theory]
    [InlineData("?isAsync=true", null)]
    [InlineData("", "respond-async")]
    public async Task An_asynchronous_fetch_returns_202_with_the_commit_and_a_location(string query, string? prefer)
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string commit = host.Repository.Commit();
        host.Repository.Commit();

        Reply reply = await site.DeployAsync($"{host.Url}#{commit}", query, prefer is null ? [] : [("Prefer", prefer)]);

        Assert.Equal((202, commit), (reply.Code, reply["id"]));
        Assert.StartsWith($"{_server.Address}sites/{site.Name}/api/deployments/latest?deployer=127.0.0.1&time=", reply.Headers["Location"], StringComparison.Ordinal);
        Assert.Equal("2", reply.Headers["Retry-After"]);
        Assert.Equal(commit, (await site.ToldAsync())["id"]);
        Assert.Equal((commit, "4"), ((await site.GetAsync("/latest"))["id"], (await site.GetAsync("/latest"))["status"]));
    }

    [Fact]
    public async Task A_branch_or_an_abbreviated_commit_named_in_the_URL_is_deployed()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string first = host.Repository.Commit(content: "first");
        host.Repository.Commit();
        string next = host.Repository.Commit(branch: "next", content: "next");

        Assert.Equal(next, (await site.DeployAsync(host.Url + "#next"))["id"]);
        Assert.Equal("next", await site.FileAsync());
        Assert.Equal("next", (await site.ToldAsync())["branch"]);
        Assert.Equal(first, (await site.DeployAsync($"{host.Url}#{first[..8]}"))["id"]);
        Assert.Equal("first", await site.FileAsync());
    }

    [Fact]
    public async Task A_fetched_commit_is_redeployed_after_its_server_is_gone()
    {
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string head;
        await using (GitHost host = await GitHost.StartAsync())
        {
            head = host.Repository.Commit();
            await site.DeployAsync(host.Url);
        }

        Reply reply = await _server.SendAsync(HttpMethod.Put, $"/sites/{site.Name}/api/deployments");

        Assert.Equal((200, head, "2"), (reply.Code, reply["id"], reply["run"]));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_push_webhook_returns_202_at_once_and_its_commit_is_deployed(string contentType)
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string commit = host.Repository.Commit(content: "pushed");
        var open = new TaskCompletionSource();
        host.Open = open.Task;
        string json = FetchedSite.Push(host.Url, commit);
        using var content = new StringContent(
            contentType == "application/json" ? json : "payload=" + Uri.EscapeDataString(json), System.Text.Encoding.UTF8, contentType);

        Reply reply = await _server.SendAsync(HttpMethod.Post, site.Path, content, ("X-GitHub-Event", "push"));

        Assert.Equal((202, commit, "1", "Fix the tax"), (reply.Code, reply["id"], reply["status"], reply["message"]));
        open.SetResult();
        Received told = await site.ToldAsync();
        Assert.Equal((commit, "success", "GitHub", "main"), (told["id"], told["status"], told["deployer"], told["branch"]));
        Assert.StartsWith("My fix", told["message"], StringComparison.Ordinal);
        Assert.Equal("pushed", await site.FileAsync());
    }

    [Fact]
    public async Task A_newer_push_supersedes_the_push_that_waits()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string[] commits = [.. Enumerable.Range(0, 4).Select(_ => host.Repository.Commit())];
        var open = new TaskCompletionSource();
        host.Open = open.Task;
        await site.PushAsync(host.Url, commits[0]);

        Reply[] waiting = [await site.PushAsync(host.Url, commits[1]), await site.PushAsync(host.Url, commits[2]), await site.PushAsync(host.Url, commits[3])];

        Assert.All(waiting, reply => Assert.Equal((202, "0", "Waiting for the deployment in progress."), (reply.Code, reply["status"], reply["progress"])));
        Received[] replaced = [await site.ToldAsync(), await site.ToldAsync()];
        Assert.Equal([(commits[1], "failed"), (commits[2], "failed")], replaced.Select(told => (told["id"], told["status"])));
        Assert.Equal($"Superseded before it started: the push of {commits[2]} was reported later, and deploys the tip that the branch has when it starts.", replaced[0]["statusText"]);
        Reply busy = await site.DeployAsync(host.Url);
        Assert.Equal((409, $"There is a deployment currently in progress at this site. Please retry operation later. In progress: {commits[0]}."), (busy.Code, busy.Text));
        open.SetResult();
        Received[] deployed = [await site.ToldAsync(), await site.ToldAsync()];
        Assert.Equal([(commits[0], "failed"), (commits[3], "success")], deployed.Select(told => (told["id"], told["status"])));
        Reply last = await site.GetAsync("/" + commits[3]);
        Assert.Equal(("4", "1", ""), (last["status"], last["run"], last["progress"]));
    }

    [Fact]
    public async Task A_push_whose_request_began_earlier_is_superseded_even_if_it_arrives_last()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string[] commits = [.. Enumerable.Range(0, 3).Select(_ => host.Repository.Commit())];
        var open = new TaskCompletionSource();
        host.Open = open.Task;
        await site.PushAsync(host.Url, commits[0]);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, Expect100ContinueTimeout = Timeout.InfiniteTimeSpan }) { BaseAddress = _server.Address };
        var slow = new SlowContent(FetchedSite.Push(host.Url, commits[1]));
        using var request = new HttpRequestMessage(HttpMethod.Post, site.Path) { Content = slow };
        request.Headers.Authorization = _server.Http.DefaultRequestHeaders.Authorization;
        request.Headers.Add("X-GitHub-Event", "push");
        request.Headers.ExpectContinue = true;

        Task<HttpResponseMessage> earlier = client.SendAsync(request, TestContext.Current.CancellationToken);
        await slow.Begun.InTimeAsync();
        Reply later = await site.PushAsync(host.Url, commits[2]);
        slow.GoOn();
        using HttpResponseMessage answer = await earlier;

        Assert.Equal((202, 202), (later.Code, (int)answer.StatusCode));
        Received told = await site.ToldAsync();
        Assert.Equal(
            (commits[1], $"Superseded before it started: the push of {commits[2]} was reported later, and deploys the tip that the branch has when it starts."), (told["id"], told["statusText"]));
        open.SetResult();
        Received[] deployed = [await site.ToldAsync(), await site.ToldAsync()];
        Assert.Equal([(commits[0], "failed"), (commits[2], "success")], deployed.Select(one => (one["id"], one["status"])));
    }

    [Fact]
    public async Task Waiting_and_running_pushes_end_as_failed_when_the_server_stops()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(server);
        string[] commits = [host.Repository.Commit(), host.Repository.Commit()];
        var open = new TaskCompletionSource();
        host.Open = open.Task;
        await site.PushAsync(host.Url, commits[0]);
        await site.PushAsync(host.Url, commits[1]);

        await server.RestartAsync();

        Assert.Equal(("3", "The server was stopped before the deployment started."), ((await site.GetAsync("/" + commits[1]))["status"], (await site.GetAsync("/" + commits[1]))["status_text"]));
        Assert.Equal(("3", "The server was stopped before the deployment ended."), ((await site.GetAsync("/" + commits[0]))["status"], (await site.GetAsync("/" + commits[0]))["status_text"]));
        open.SetResult();
    }

    [Fact]
    public async Task A_push_of_a_commit_that_is_not_on_the_branch_ends_as_failed()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        host.Repository.Commit();

        Assert.Equal(202, (await site.PushAsync(host.Url, new string('2', 40))).Code);

        Received told = await site.ToldAsync();
        Assert.Equal("failed", told["status"]);
        Assert.StartsWith($"Superseded: the branch 'main' of {host.Url} is at ", told["statusText"], StringComparison.Ordinal);
        Assert.Contains($" and no longer contains {new string('2', 40)}. ", told["statusText"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ping", "The ping was received. Pushes to this repository reach the site.\n")]
    [InlineData("push", "The branch 'next' was pushed, but this site deploys the branch 'main'.\n")]
    public async Task A_ping_or_a_push_of_another_branch_returns_200_and_deploys_nothing(string kind, string text)
    {
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);

        Reply reply = await _server.SendAsync(HttpMethod.Post, site.Path, FetchedSite.Push("https://example.com/shop.git", PushSamples.Commit, "next"), ("X-GitHub-Event", kind));

        Assert.Equal((200, text), (reply.Code, reply.Text));
        Assert.Equal("[]", (await site.GetAsync("")).Text);
    }

    [Theory]
    [InlineData("{}", "The format of the body is not supported. The supported formats are {\"format\":\"basic\"")]
    [InlineData("[]", "The body is a JSON array; it must be an object.")]
    [InlineData("", "The body is empty; it must be JSON.")]
    [InlineData("""{"format":"basic"}""", "'url' is missing")]
    [InlineData("""{"format":"basic","url":"file:///etc"}""", "The URL has the scheme 'file'. The scheme must be http or https.")]
    [InlineData("""{"format":"basic","url":"ext::sh"}""", "The URL uses a git transport helper")]
    [InlineData("""{"format":"basic","url":"--upload-pack=touch"}""", "The URL starts with '-'")]
    [InlineData("""{"format":"basic","url":"git@github.com:acme/shop.git"}""", "The URL is an ssh URL")]
    public async Task An_unsupported_body_or_URL_returns_400_with_the_reason(string body, string reason)
    {
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);

        Reply reply = await _server.SendAsync(HttpMethod.Post, site.Path, body);

        Assert.Equal((400, "application/problem+json"), (reply.Code, reply.ContentType));
        Assert.StartsWith(reason, reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redeploying_a_deleted_deployment_builds_it_again_as_run_1()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server, command: "date +%s.%N > built");
        string first = host.Repository.Commit();
        await site.DeployAsync(host.Url);
        string built = await site.FileAsync("built");
        host.Repository.Commit();
        await site.DeployAsync(host.Url);
        string path = $"/sites/{site.Name}/api/deployments/{first}";
        Assert.Equal(204, (await _server.DeleteAsync(path)).Code);

        Reply again = await _server.SendAsync(HttpMethod.Put, path);

        Assert.Equal((200, "1"), (again.Code, again["run"]));
        Assert.NotEqual(built, await site.FileAsync("built"));
    }

    [Fact]
    public async Task The_message_and_the_author_of_a_commit_are_truncated_to_their_limits()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        host.Repository.Commit(message: new string('m', 3 * 1024 * 1024), author: new string('a', 2000));

        Reply reply = await site.DeployAsync(host.Url);

        Assert.Equal((200, TextLimit.Message, TextLimit.Name), (reply.Code, reply["message"].Length, reply["author"].Length));
    }

    [Fact]
    public async Task A_fetch_in_progress_returns_503_when_the_server_stops()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(server);
        host.Repository.Commit();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.OnRequest = () => asked.TrySetResult();
        host.Open = new TaskCompletionSource().Task;

        Task<Reply> deploying = site.DeployAsync(host.Url);
        await asked.Task.InTimeAsync();
        server.Server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Reply reply = await deploying.InTimeAsync();
        Assert.Equal(503, reply.Code);
        Assert.StartsWith("The server is stopping. Nothing was deployed.", reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_payload_above_25_MiB_returns_413_with_the_limit()
    {
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);

        Reply reply = await _server.SendAsync(HttpMethod.Post, site.Path, new string(' ', 26 * 1024 * 1024));

        Assert.Equal(413, reply.Code);
        Assert.StartsWith("The body is larger than 26214400 bytes, the limit for this request.", reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_branch_returns_422_and_does_not_block_the_next_deployment()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        host.Repository.Commit(branch: "other");

        Reply reply = await site.DeployAsync(host.Url, "?isAsync=true");

        Assert.Equal((422, $"{host.Url} has no branch 'main'. Specify a branch after '#' in the URL, or set the site's branch."), (reply.Code, reply.Reason));
        host.Repository.Commit();
        Assert.Equal(200, (await site.DeployAsync(host.Url)).Code);
    }

    [Fact]
    public async Task A_failing_command_returns_422_with_its_exit_code()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server, command: "exit 3");
        host.Repository.Commit();

        Reply reply = await site.DeployAsync(host.Url);

        Assert.Equal((422, "3", "The command failed with exit code 3."), (reply.Code, reply["status"], reply["status_text"]));
        Assert.Equal("failed", (await site.ToldAsync())["status"]);
    }

    [Fact]
    public async Task File_names_that_are_not_UTF8_are_deployed_and_removed_with_their_folder()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server, hook: false);
        host.Repository.CommitFiles(("\"gr\\374n.txt\"", "100644", new string('x', 200)), ("\"gr\\374n/.deployment\"", "100644", ""), ("img/index.html", "100644", "hello"), ("\"img/gr\\374n.txt\"", "100644", "old"));

        Reply reply = await site.DeployAsync(host.Url);

        Assert.Equal((200, "Deployment successful."), (reply.Code, (await site.LogAsync(reply["id"]))[^1]));
        var folder = new SiteFolder(Path.Combine(_server.DataFolder, "sites", site.Name));
        Assert.Equal(3, Directory.GetFileSystemEntries(folder.Current + "/").Length);

        using var file = new StringContent("new");
        Assert.Equal(200, (await _server.SendAsync(HttpMethod.Post, $"/sites/{site.Name}/api/publish?type=static&path=img/new.txt&clean=true", file)).Code);
        Assert.Equal(3, Directory.GetFileSystemEntries(folder.Current + "/").Length);
        Assert.Equal(["new.txt"], Directory.GetFileSystemEntries(Path.Combine(folder.Current, "img")).Select(Path.GetFileName));

        Assert.Equal(204, (await _server.DeleteAsync($"/api/sites/{site.Name}")).Code);
        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public async Task Deploy_to_an_unknown_site_returns_404() =>
        Assert.Equal(404, (await _server.SendAsync(HttpMethod.Post, $"/sites/{Some.Site()}/deploy", PushSamples.Generic)).Code);

    [Fact]
    public async Task A_blocked_address_returns_422_and_names_the_setting_that_allows_it()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.Urls = "http://127.0.0.1:0;http://0.0.0.0:0");
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(server, command: null, hook: false);

        Reply reply = await site.DeployAsync(host.Url);

        Assert.Equal((422, $"127.0.0.1:{host.Port} is not allowed: loopback. To allow it, add \"127.0.0.1\" to Outbound:Allow."), (reply.Code, reply.Reason));
        Assert.Equal(422, (await site.PushAsync(host.Url, PushSamples.Commit)).Code);
        Assert.Empty(host.Requests);
    }

    [Fact]
    public async Task Credentials_in_the_URL_appear_in_no_response_webhook_record_or_log()
    {
        const string Password = "s3cret-of-ann";
        var log = new CapturedLog();
        await using TestServer server = await TestServer.StartAsync(log: log);
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(server);
        string head = host.Repository.Commit();
        string url = $"http://ann-the-user:{Password}@127.0.0.1:{host.Port}/shop.git";

        Reply[] replies =
        [
            await site.DeployAsync(url), await site.DeployAsync(url + "#live"), await site.PushAsync(url, new string('3', 40)), await site.DeployAsync(url + "?x"),
            await site.DeployAsync(url.Replace("http:", "ssh:", StringComparison.Ordinal)),
        ];

        Received[] told = [await site.ToldAsync(), await site.ToldAsync()];
        Assert.Equal([200, 422, 202, 400, 400], replies.Select(reply => reply.Code));
        string[] texts =
        [
            .. replies.Select(reply => reply.Text), .. told.Select(item => item.Text), .. log.Lines, (await site.GetAsync($"/{head}/log")).Text,
            (await site.GetAsync($"/{new string('3', 40)}/log")).Text, (await site.GetAsync("")).Text,
        ];
        Assert.All(texts, text => Assert.DoesNotContain(Password, text, StringComparison.Ordinal));
        Assert.All(texts, text => Assert.DoesNotContain("ann-the-user", text, StringComparison.Ordinal));
        Assert.Contains(texts, text => text.Contains($"http://***@127.0.0.1:{host.Port}/shop.git", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_push_of_a_private_repository_is_fetched_with_the_sites_own_credentials()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server);
        string head = host.Repository.Commit();
        host.Demands = "Basic " + Convert.ToBase64String("x-access-token:s3cret"u8);
        await _server.Store.WriteAsync(tables =>
        {
            string value = _server.Server.Services.GetRequiredService<SecretBox>().Encrypt($"http://x-access-token:s3cret@127.0.0.1:{host.Port}/shop");
            tables.Sites.SetSetting(site.Name, new SiteSetting("repository_url", value));
            return true;
        });

        await site.PushAsync(host.Url, head);

        Assert.Equal("success", (await site.ToldAsync())["status"]);
        Assert.DoesNotContain(await site.LogAsync(head), line => line.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deploy_is_served_at_every_base_path()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(server, hook: false);
        string head = host.Repository.Commit();
        foreach (string path in (string[])["/deploy", "/api/deploy", $"/sites/{site.Name}/deploy", $"/sites/{site.Name}/api/deploy"])
        {
            Reply reply = await server.SendAsync(HttpMethod.Post, path, JsonSerializer.Serialize(new { format = "basic", url = host.Url }));

            Assert.Equal((200, head), (reply.Code, reply["id"]));
        }
    }

    /// <summary>A request body that the test releases after the server has started to read it.</summary>
    private sealed class SlowContent(string text) : HttpContent
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public void GoOn() => _open.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _begun.SetResult();
            await _open.Task;
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Encoding.UTF8.GetByteCount(text);
            return true;
        }
    }
}
