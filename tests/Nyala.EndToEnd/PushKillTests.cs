using System.Text;
using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>A server or a pusher that goes away during a deployment.</summary>
public sealed class PushKillTests : IAsyncLifetime
{
    private readonly Machine _machine = new();
    private Developer _developer = null!;
    private ServerProcess _server = null!;

    public async ValueTask InitializeAsync()
    {
        _machine.Variables["NYALA_DELIVERY__RETRYSCHEDULE"] = Schedule.Shortest;
        _developer = await Developer.StartAsync();
        _server = await _machine.ServeAsync();
    }

    public ValueTask DisposeAsync()
    {
        _machine.Dispose();
        _developer.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_deployment_whose_server_is_killed_is_ended_as_failed_at_the_next_start()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        using var turnstile = new Turnstile(_machine.Work);
        Shop shop = await Shop.OpenAsync(_machine, _server);
        await shop.TellAsync(receiver);
        string good = await _developer.CommitAsync("Good");
        await _developer.DoneAsync("push", shop.Url, "main");
        Assert.Equal(good, (await receiver.NextAsync())["id"]);
        await shop.CommandAsync($"echo Building the shop; echo half >\"$DEPLOYMENT_TARGET/half\"; {turnstile.Wait}");
        string cutOff = await _developer.CommitAsync("Cut off");

        NyalaProcess push = _developer.Begin("push", shop.Url, "main");
        await push.Error.HoldsAsync("remote: Building the shop");
        Assert.NotEmpty(Running(shop));
        await _server.KillAsync();
        await push.EndAsync();
        shop = shop.At(await _machine.ServeAsync());

        Received told = await receiver.NextAsync();
        Assert.Equal((cutOff, "failed", "The server went down before the deployment ended."), (told["id"], told["status"], told["statusText"]));
        Assert.Equal((DeploymentStatus.Failed, "Good", $"{good}-1"), ((await shop.DeploymentAsync(cutOff)).Status, shop.Read("index.html"), shop.Release));
        Assert.Empty(Running(shop));
        Assert.False(Path.Exists(Path.Combine(shop.Folder, "work")));
        Assert.Equal([$"{good}-1"], Directory.EnumerateDirectories(Path.Combine(shop.Folder, "releases")).Select(Path.GetFileName));

        await shop.CommandAsync("true");
        string next = await _developer.CommitAsync("Next");
        await _developer.DoneAsync("push", shop.Url, "main");
        Assert.Equal((next, "Next"), ((await receiver.NextAsync())["id"], shop.Read("index.html")));
    }

    [Fact]
    public async Task A_push_that_was_stored_but_not_deployed_before_a_kill_is_reported_as_failed()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        Shop shop = await Shop.OpenAsync(_machine, _server);
        await shop.TellAsync(receiver);
        string good = await _developer.CommitAsync("Good");
        await _developer.DoneAsync("push", shop.Url, "main");
        Assert.Equal(good, (await receiver.NextAsync())["id"]);
        await _server.KillAsync();

        // The moment is too short to be hit, so the test creates what it leaves: a branch that was moved, and the folder of the push.
        string stored = await _developer.CommitAsync("Stored");
        await _developer.DoneAsync("push", shop.Repository, "main");
        Leave(shop, stored);
        shop = shop.At(await _machine.ServeAsync());

        Received told = await receiver.NextAsync();
        Assert.Equal((stored, "failed", "Stored"), (told["id"], told["status"], told["message"]));
        Assert.StartsWith("The server went down before the deployment started.", told["statusText"], StringComparison.Ordinal);
        Deployment again = await shop.Client.RedeployAsync(stored, TestContext.Current.CancellationToken);
        await shop.EndAsync(again.Id);
        Assert.Equal(($"{stored}-2", "Stored"), (shop.Release, shop.Read("index.html")));
        Assert.Equal(stored, (await receiver.NextAsync())["id"]);
    }

    [Fact]
    public async Task A_stored_push_is_reported_as_failed_even_if_its_commit_was_deployed_before()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        Shop shop = await Shop.OpenAsync(_machine, _server);
        string first = await _developer.CommitAsync("First");
        await _developer.DoneAsync("push", shop.Url, "main");
        await _developer.CommitAsync("Second");
        await _developer.DoneAsync("push", shop.Url, "main");
        await shop.TellAsync(receiver);
        await _server.KillAsync();

        await _developer.DoneAsync("push", "--force", shop.Repository, $"{first}:main");
        Leave(shop, first);
        await _machine.ServeAsync();

        Received told = await receiver.NextAsync();
        Assert.Equal((first, "failed"), (told["id"], told["status"]));
    }

    [Fact]
    public async Task A_git_process_of_a_killed_server_is_ended_at_the_next_start()
    {
        await _server.KillAsync();
        var start = new System.Diagnostics.ProcessStartInfo("sleep", ["600"]);
        start.Environment["NYALA_REPOSITORY"] = Path.Combine(_machine.Data, "sites", "shop", "repository.git");
        using System.Diagnostics.Process left = System.Diagnostics.Process.Start(start)!;

        try
        {
            await _machine.ServeAsync();

            Task<bool> ended = left.WaitForExitAsync(TestContext.Current.CancellationToken).ContinueWith(exit => exit.IsCompletedSuccessfully, TaskScheduler.Default);
            Assert.True(await ended.InTimeAsync());
        }
        finally
        {
            left.Kill();
        }
    }

    [Fact]
    public async Task Lock_files_of_a_killed_git_process_are_removed_and_do_not_block_pushes()
    {
        Shop shop = await Shop.OpenAsync(_machine, _server);
        await _developer.CommitAsync("First");
        await _developer.DoneAsync("push", shop.Url, "main");
        await _server.KillAsync();
        string unfinished = Path.Combine(shop.Repository, "objects", "tmp_objdir-incoming-Ab12Cd", "pack");
        Directory.CreateDirectory(unfinished);
        string[] left = [Path.Combine(shop.Repository, "HEAD.lock"), Path.Combine(shop.Repository, "refs", "heads", "main.lock"), Path.Combine(unfinished, "tmp_pack_x")];
        foreach (string file in left)
        {
            await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        }

        shop = shop.At(await _machine.ServeAsync());
        string next = await _developer.CommitAsync("Next");
        await _developer.DoneAsync("push", shop.Url, "main");

        Assert.Equal($"{next}-1", shop.Release);
        Assert.DoesNotContain(left, File.Exists);
        Assert.False(Directory.Exists(Path.GetDirectoryName(unfinished)));
    }

    [Fact]
    public async Task A_stopping_server_returns_503_to_a_pusher_that_is_silent()
    {
        Shop shop = await Shop.OpenAsync(_machine, _server);
        await _developer.DoneAsync("ls-remote", shop.Url);
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(_server.Address.Host, _server.Address.Port, TestContext.Current.CancellationToken);
        string basic = Convert.ToBase64String(Encoding.ASCII.GetBytes($"maria:{shop.Token}"));
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"POST /shop.git/git-receive-pack HTTP/1.1\r\nHost: {_server.Address.Authority}\r\nAuthorization: Basic {basic}\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n"),
            TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());

        // From here on, the server reads the body.
        Assert.Equal("HTTP/1.1 100 Continue", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Equal("", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        _server.Terminate();

        Assert.Equal("HTTP/1.1 503 Service Unavailable", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        await _server.EndAsync();
    }

    [Fact]
    public async Task A_push_that_was_not_stored_before_a_kill_is_not_reported()
    {
        Shop shop = await Shop.OpenAsync(_machine, _server);
        string good = await _developer.CommitAsync("Good");
        await _developer.DoneAsync("push", shop.Url, "main");
        await _server.KillAsync();

        Leave(shop, await _developer.CommitAsync("On its way"));
        shop = shop.At(await _machine.ServeAsync());

        IReadOnlyList<Deployment> deployments = await shop.Client.ListDeploymentsAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([(good, DeploymentStatus.Success)], deployments.Select(deployment => (deployment.Id, deployment.Status)));
    }

    [Fact]
    public async Task After_a_kill_the_site_runs_the_recorded_release_and_every_deployment_is_complete()
    {
        int rounds = int.Parse(Environment.GetEnvironmentVariable("NYALA_KILL_ROUNDS") ?? "5", null);
        await using Receiver receiver = await Receiver.StartAsync();
        Shop shop = await Shop.OpenAsync(_machine, _server);
        await shop.TellAsync(receiver);
        await _developer.CommitAsync("Good");
        await _developer.DoneAsync("push", shop.Url, "main");
        ServerProcess server = _server;
        int cutOff = 0;
        var told = new HashSet<string>();
        for (int round = 0; round < rounds; round++)
        {
            string commit = await _developer.CommitAsync($"Round {round}");
            NyalaProcess push = _developer.Begin("push", shop.Url, "main");

            // Kill either around the end, when the link is switched and the end is recorded within a few milliseconds, or as soon as the push has arrived.
            bool atEnd = round % 2 == 0;
            while ((atEnd ? shop.Release != $"{commit}-1" : !HasCome(shop)) && !push.HasEnded)
            {
                await Task.Yield();
            }

            await server.KillAsync();
            cutOff += (await push.EndAsync()).Error.Contains("remote: Notified ", StringComparison.Ordinal) ? 0 : 1;

            // The requests of the killed server are complete, and they count.
            while (receiver.HasMore)
            {
                told.Add((await receiver.NextAsync())["id"]!);
            }

            await receiver.ForgetAsync();
            server = await _machine.ServeAsync();
            shop = shop.At(server);

            IReadOnlyList<Deployment> deployments = await shop.Client.ListDeploymentsAsync(cancellationToken: TestContext.Current.CancellationToken);
            Deployment running = deployments.First(deployment => deployment.Status == DeploymentStatus.Success);
            Assert.All(deployments, deployment => Assert.True(deployment.Complete));
            Assert.Equal((running.Active, $"{running.Id}-{running.Run}", running.Message), (true, shop.Release, shop.Read("index.html")));
        }

        string last = await _developer.CommitAsync("Last");
        await _developer.DoneAsync("push", shop.Url, "main");
        Assert.True(cutOff > 0, "Every push ended before its kill.");
        IReadOnlyList<Deployment> all = await shop.Client.ListDeploymentsAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains(all, deployment => deployment.Id == last);
        while (!all.All(deployment => told.Contains(deployment.Id)))
        {
            told.Add((await receiver.NextAsync())["id"]!);
        }
    }

    [Fact]
    public async Task Stopping_the_server_ends_the_deploy_command_and_tells_the_pusher()
    {
        using var turnstile = new Turnstile(_machine.Work);
        Shop shop = await Shop.OpenAsync(_machine, _server, $"echo Building the shop; {turnstile.Wait}");
        string commit = await _developer.CommitAsync("First");
        NyalaProcess push = _developer.Begin("push", shop.Url, "main");
        await push.Error.HoldsAsync("remote: Building the shop");

        _server.Terminate();

        Assert.Equal(0, (await _server.EndAsync()).ExitCode);
        Assert.Contains("remote: The server was stopped", (await push.EndAsync()).Error, StringComparison.Ordinal);
        Assert.Empty(Running(shop));
        shop = shop.At(await _machine.ServeAsync());
        Assert.Equal(DeploymentStatus.Failed, (await shop.DeploymentAsync(commit)).Status);
    }

    [Fact]
    public async Task A_deployment_continues_if_its_pusher_disconnects()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        using var turnstile = new Turnstile(_machine.Work);
        Shop shop = await Shop.OpenAsync(_machine, _server, $"echo Building the shop; {turnstile.Wait}");
        await shop.TellAsync(receiver);
        string commit = await _developer.CommitAsync("First");
        NyalaProcess push = _developer.Begin("push", shop.Url, "main");
        await push.Error.HoldsAsync("remote: Building the shop");

        push.KillAll();
        turnstile.Open();

        Assert.Equal((commit, "success"), ((await receiver.NextAsync())["id"], (await shop.DeploymentAsync(commit)).Status.ToString().ToLowerInvariant()));
        Assert.Equal($"{commit}-1", shop.Release);
    }

    /// <summary>Whether a push that is to be deployed has arrived and has not ended.</summary>
    private static bool HasCome(Shop shop) => Directory.Exists(Path.Combine(shop.Folder, "work")) && Directory.EnumerateDirectories(Path.Combine(shop.Folder, "work"), "push-*").Any();

    /// <summary>Creates what a push to the site's branch leaves if the server is killed. It is newer than every run.</summary>
    private static void Leave(Shop shop, string commit)
    {
        string push = Directory.CreateDirectory(Path.Combine(shop.Folder, "work", $"push-{long.MaxValue}")).FullName;
        File.WriteAllText(Path.Combine(push, "commit"), commit);
    }

    /// <summary>Returns the ids of the processes of the site's deployments.</summary>
    private static IReadOnlyList<int> Running(Shop shop)
    {
        byte[] mark = Encoding.UTF8.GetBytes($"DEPLOYMENT_SOURCE={shop.Folder}");
        var running = new List<int>();
        foreach (string process in Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            try
            {
                if (File.ReadAllBytes(Path.Combine(process, "environ")).AsSpan().IndexOf(mark) >= 0)
                {
                    running.Add(int.Parse(Path.GetFileName(process), null));
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The process has ended, or it belongs to another user.
            }
        }

        return running;
    }
}
