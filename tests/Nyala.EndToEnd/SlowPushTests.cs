using System.Net;
using System.Security.Cryptography;
using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>Pushes over slow connections do not block other deployments until they are completely received.</summary>
public sealed class SlowPushTests : IAsyncLifetime
{
    private const int Some = 100_000;

    private readonly Machine _machine = new();
    private Developer _developer = null!;
    private ServerProcess _server = null!;
    private Shop _shop = null!;

    public async ValueTask InitializeAsync()
    {
        _developer = await Developer.StartAsync();
        _server = await _machine.ServeAsync();
        _shop = await Shop.OpenAsync(_machine, _server);
        await _developer.CommitAsync("First");
        await _developer.DoneAsync("push", _shop.Url, "main");
    }

    public ValueTask DisposeAsync()
    {
        _machine.Dispose();
        _developer.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_slow_push_does_not_block_other_deployments_until_it_is_received()
    {
        await using var ferry = new Ferry(_server.Address, Some);
        string slow = await LargeCommitAsync("Slow");

        NyalaProcess push = _developer.Begin("push", Over(ferry), "main");
        await ferry.Held.InTimeAsync();
        using var zip = new ByteArrayContent(await File.ReadAllBytesAsync(Zips.Page(_machine, "Zip"), TestContext.Current.CancellationToken));
        using HttpResponseMessage beside = await _server.Http.PostAsync($"sites/{Shop.Name}/api/zipdeploy", zip, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "Zip"), (beside.StatusCode, _shop.Read("index.html")));
        ferry.Open();

        (int exitCode, _, string seen) = await push.EndAsync();
        Assert.True(exitCode == 0, seen);
        Assert.Equal(($"{slow}-1", "Slow"), (_shop.Release, _shop.Read("index.html")));
    }

    [Fact]
    public async Task Of_two_pushes_received_at_the_same_time_only_one_is_stored_and_deployed()
    {
        await using var ferry = new Ferry(_server.Address, Some);
        using Developer other = await Developer.StartAsync();
        await other.DoneAsync("pull", "--quiet", _shop.Url, "main");
        string mine = await LargeCommitAsync("Mine");
        string theirs = await LargeCommitAsync("Theirs", other);
        NyalaProcess[] pushes = [_developer.Begin("push", Over(ferry), "main"), other.Begin("push", Over(ferry), "main")];
        await ferry.Held.InTimeAsync();
        ferry.Open();

        int[] codes = [(await pushes[0].EndAsync()).ExitCode, (await pushes[1].EndAsync()).ExitCode];

        string stored = (await _developer.DoneAsync("ls-remote", _shop.Url, "refs/heads/main")).Out.Split('\t')[0];
        Assert.Equal([0, 1], codes.Order());
        Assert.Equal(codes[0] == 0 ? mine : theirs, stored);
        Assert.Equal($"{stored}-1", _shop.Release);
    }

    [Fact]
    public async Task A_push_fails_if_its_site_is_removed_while_it_is_received()
    {
        await using var ferry = new Ferry(_server.Address, Some);
        await LargeCommitAsync("Slow");
        NyalaProcess push = _developer.Begin("push", Over(ferry), "main");
        await ferry.Held.InTimeAsync();

        await _server.Client.RemoveSiteAsync(Shop.Name, TestContext.Current.CancellationToken);
        ferry.Open();

        Assert.NotEqual(0, (await push.EndAsync()).ExitCode);
        Assert.False(File.Exists(Path.Combine(_shop.Folder, "current", "index.html")));
    }

    [Fact]
    public async Task A_deployment_can_start_as_soon_as_the_previous_one_is_shown_as_complete()
    {
        for (int round = 0; round < 10; round++)
        {
            string commit = await _developer.CommitAsync($"Round {round}");
            NyalaProcess push = _developer.Begin("push", _shop.Url, "main");
            while (await CompleteAsync(commit) != true)
            {
            }

            using var zip = new ByteArrayContent(await File.ReadAllBytesAsync(Zips.Page(_machine, $"Zip {round}"), TestContext.Current.CancellationToken));
            using HttpResponseMessage next = await _server.Http.PostAsync($"sites/{Shop.Name}/api/zipdeploy", zip, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, next.StatusCode);
            Assert.Equal(0, (await push.EndAsync()).ExitCode);
            File.Delete(Path.Combine(_machine.Work, "page.zip"));
        }
    }

    private async Task<bool?> CompleteAsync(string commit)
    {
        try
        {
            return (await _shop.DeploymentAsync(commit)).Complete;
        }
        catch (NyalaException error) when (error.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private string Over(Ferry ferry) => $"http://maria:{_shop.Token}@{ferry.Authority}/{Shop.Name}.git";

    /// <summary>Creates a commit that cannot be compressed to a few bytes.</summary>
    private async Task<string> LargeCommitAsync(string message, Developer? developer = null)
    {
        developer ??= _developer;
        await File.WriteAllBytesAsync(Path.Combine(developer.Folder, "noise"), RandomNumberGenerator.GetBytes(4 * Some), TestContext.Current.CancellationToken);
        return await developer.CommitAsync(message);
    }
}
