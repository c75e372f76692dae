using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>Refs other than branches and tags do not change what is deployed.</summary>
public sealed class PushedRefsTests : IAsyncLifetime
{
    private readonly Machine _machine = new();
    private Developer _developer = null!;
    private ServerProcess _server = null!;
    private Shop _shop = null!;

    public async ValueTask InitializeAsync()
    {
        _developer = await Developer.StartAsync();
        _server = await _machine.ServeAsync();
        _shop = await Shop.OpenAsync(_machine, _server);
    }

    public ValueTask DisposeAsync()
    {
        _machine.Dispose();
        _developer.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_mirror_push_stores_branches_and_tags_and_rejects_every_other_ref_by_name()
    {
        string commit = await _developer.CommitAsync("Good");
        string other = await _developer.CommitAsync("Other");
        await _developer.DoneAsync("reset", "--quiet", "--hard", commit);
        await _developer.DoneAsync("tag", "v1");
        string[] others = [$"refs/replace/{commit}", "refs/notes/commits", "refs/nyala/deployed/x", "refs/remotes/origin/main", "refs/pull/1/head"];
        foreach (string name in others)
        {
            await _developer.DoneAsync("update-ref", name, other);
        }

        (int exitCode, _, string seen) = await _developer.RunAsync("--no-replace-objects", "push", "--mirror", _shop.Url);

        Assert.NotEqual(0, exitCode);
        Assert.All(others, name => Assert.Contains($"remote: {name} is refused: a site stores only branches (refs/heads/) and tags (refs/tags/).", seen, StringComparison.Ordinal));
        Assert.Equal(others.Length, seen.Split("! [remote rejected] ").Length - 1);
        Assert.Equal(($"{commit}-1", "Good"), (_shop.Release, _shop.Read("index.html")));
        Assert.Equal(
            [$"{commit}\tHEAD", $"{commit}\trefs/heads/main", $"{commit}\trefs/tags/v1"],
            (await _developer.DoneAsync("ls-remote", _shop.Url)).Out.Split('\n'));
        Assert.Equal("", (await _developer.DoneAsync("--git-dir", _shop.Repository, "for-each-ref", "refs/replace", "refs/notes", "refs/remotes", "refs/pull")).Out);
    }

    [Fact]
    public async Task A_push_of_refs_that_are_neither_branches_nor_tags_is_rejected_and_stores_nothing()
    {
        await _developer.CommitAsync("First");

        (int exitCode, _, string seen) = await _developer.RunAsync("push", _shop.Url, "main:refs/notes/x", ":refs/notes/y", "main:refs/replace/1");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("remote: refs/notes/x is refused", seen, StringComparison.Ordinal);
        Assert.Contains("remote: Push branches and tags by name", seen, StringComparison.Ordinal);
        Assert.Equal("", (await _developer.DoneAsync("ls-remote", _shop.Url)).Out);
        Assert.Equal("", (await _developer.DoneAsync("--git-dir", _shop.Repository, "for-each-ref")).Out);
    }

    [Fact]
    public async Task An_atomic_push_with_a_rejected_ref_fails_and_does_not_block_the_site()
    {
        await _developer.CommitAsync("First");

        (int exitCode, _, string seen) = await _developer.RunAsync("push", "--atomic", _shop.Url, "main", "main:refs/notes/x");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("remote: refs/notes/x is refused", seen, StringComparison.Ordinal);
        Assert.Null(_shop.Release);
        await _developer.DoneAsync("push", _shop.Url, "main");
        Assert.Equal("First", _shop.Read("index.html"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Existing_replace_refs_in_the_repository_do_not_change_what_is_deployed(bool itself)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _shop.TellAsync(receiver);
        string first = await _developer.CommitAsync("First");
        await _developer.DoneAsync("push", _shop.Url, "main");
        string second = await _developer.CommitAsync("Second");
        await _developer.DoneAsync("push", _shop.Url, "main:next");
        await _developer.DoneAsync("--git-dir", _shop.Repository, "--no-replace-objects", "update-ref", $"refs/replace/{second}", itself ? second : first);
        await receiver.NextAsync();

        (_, string listed) = await _developer.DoneAsync("ls-remote", _shop.Url);
        await _developer.DoneAsync("push", _shop.Url, "main");
        await _developer.DoneAsync("clone", "--quiet", _shop.Url, Path.Combine(_machine.Work, "clone"));
        await _developer.DoneAsync("clone", "--quiet", "--mirror", _shop.Url, Path.Combine(_machine.Work, "mirror"));

        Received told = await receiver.NextAsync();
        Assert.Equal((second, "success", "Second"), (told["id"], told["status"], told["message"]));
        Assert.Equal(($"{second}-1", "Second"), (_shop.Release, _shop.Read("index.html")));
        Assert.Equal("Second", await File.ReadAllTextAsync(Path.Combine(_machine.Work, "clone", "index.html"), TestContext.Current.CancellationToken));
        Assert.DoesNotContain("replace", listed + (await _developer.DoneAsync("--git-dir", Path.Combine(_machine.Work, "mirror"), "for-each-ref")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ref_with_a_name_like_the_branch_of_the_site_is_not_deployed_instead()
    {
        await _developer.CommitAsync("First");
        await _developer.DoneAsync("push", _shop.Url, "main:side", "main:refs/tags/refs/heads/main", "main:refs/heads/refs/heads/main");

        NyalaException refused = await Assert.ThrowsAsync<NyalaException>(() => _shop.Client.RedeployAsync(cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(System.Net.HttpStatusCode.NotFound, refused.Status);
        Assert.Null(_shop.Release);
    }
}
