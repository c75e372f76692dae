using Nyala.Server.Deploying.Fetch;
using Nyala.Server.Deploying.Git;
using Nyala.Server.Processes;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Fetch;

/// <summary>Fetches from real git servers on loopback.</summary>
public sealed class RepositoryFetcherTests
{
    private const string Host = FetcherUnderTest.Host;

    [Theory]
    [InlineData(GitHostMode.Smart)]
    [InlineData(GitHostMode.Dumb)]
    internal async Task A_fetched_branch_is_moved_to_the_new_commit_as_by_a_push(GitHostMode mode)
    {
        await using GitHost host = await GitHost.StartAsync(mode);
        using var fetcher = new FetcherUnderTest();
        host.Repository.Commit();
        string head = host.Repository.Commit(message: "\u00dcber");

        Fetched fetched = await fetcher.FetchAsync(host.Url);

        Assert.Equal("", fetched.Reason);
        Assert.Equal((head, "Ann", "ann@example.com"), (fetched.Commit!.Id, fetched.Commit.Author, fetched.Commit.AuthorEmail));
        Assert.StartsWith("\u00dcber", fetched.Commit.Message, StringComparison.Ordinal);
        Assert.Equal(head, fetcher.Ref("refs/heads/main"));
        Assert.Equal(head, fetcher.Ref($"refs/nyala/deployed/{head}"));
    }

    [Fact]
    public async Task An_abbreviated_id_means_the_commit_even_if_a_ref_has_that_name()
    {
        await using GitHost host = await GitHost.StartAsync();
        using var fetcher = new FetcherUnderTest();
        string first = host.Repository.Commit();
        await fetcher.FetchAsync(host.Url);
        string second = host.Repository.Commit();
        SourceRepository.Git("-C", fetcher.Repository.Path, "update-ref", $"refs/tags/{second[..8]}", first);

        Fetched fetched = await fetcher.FetchAsync($"{host.Url}#{second[..8]}");

        Assert.Equal(("", second), (fetched.Reason, fetched.Commit?.Id));
    }

    [Fact]
    public async Task Replace_refs_and_grafts_in_the_sites_repository_are_ignored()
    {
        await using GitHost host = await GitHost.StartAsync();
        using var fetcher = new FetcherUnderTest();
        string first = host.Repository.Commit(message: "First");
        string second = host.Repository.Commit(message: "Second");
        await fetcher.FetchAsync(host.Url);
        string repository = fetcher.Repository.Path;
        SourceRepository.Git("-C", repository, "update-ref", $"refs/replace/{second}", first);
        await File.WriteAllTextAsync(Path.Combine(repository, "info", "grafts"), $"{second}\n", TestContext.Current.CancellationToken);

        Commit? found = await fetcher.Repository.FindAsync(second, TestContext.Current.CancellationToken);
        ProgramResult count = await GitProcess.RunAsync(repository, TestContext.Current.CancellationToken, "rev-list", "--count", second);

        Assert.StartsWith("Second", found?.Message, StringComparison.Ordinal);
        Assert.Equal(("2", ""), (count.Output.Trim(), count.Error));
    }

    [Fact]
    public async Task A_rewritten_branch_is_followed()
    {
        await using GitHost host = await GitHost.StartAsync();
        using var fetcher = new FetcherUnderTest();
        host.Repository.Commit();
        await fetcher.FetchAsync(host.Url);
        SourceRepository.Git("-C", host.Repository.Folder, "update-ref", "-d", "refs/heads/main");
        string head = host.Repository.Commit(content: "anew");

        Assert.Equal(head, (await fetcher.FetchAsync(host.Url)).Commit?.Id);
        Assert.Equal(head, fetcher.Ref("refs/heads/main"));
    }

    [Theory]
    [InlineData(GitHostMode.Smart)]
    [InlineData(GitHostMode.Dumb)]
    internal async Task A_commit_is_fetched_by_its_id(GitHostMode mode)
    {
        await using GitHost host = await GitHost.StartAsync(mode);
        using var fetcher = new FetcherUnderTest();
        string first = host.Repository.Commit();
        host.Repository.Commit();

        Fetched fetched = await fetcher.FetchAsync($"{host.Url}#{first}");

        Assert.Equal(("", first), (fetched.Reason, fetched.Commit?.Id));
        Assert.Equal(first, fetcher.Ref("refs/heads/main"));
    }

    [Fact]
    public async Task A_commit_is_found_on_its_branch_by_an_abbreviated_id()
    {
        await using GitHost host = await GitHost.StartAsync();
        using var fetcher = new FetcherUnderTest();
        string first = host.Repository.Commit();
        host.Repository.Commit();

        Assert.Equal(first, (await fetcher.FetchAsync($"{host.Url}#{first[..9]}")).Commit?.Id);
        Assert.Equal(
            $"The branch 'main' of {host.Url} has no commit, or more than one, that starts with 0123456. Use the full commit id.", (await fetcher.FetchAsync(host.Url + "#0123456")).Reason);
    }

    [Fact]
    public async Task A_commit_that_does_not_exist_fails_with_the_reason()
    {
        await using GitHost host = await GitHost.StartAsync();
        using var fetcher = new FetcherUnderTest();
        host.Repository.Commit();
        string none = new('1', 40);

        Fetched fetched = await fetcher.FetchAsync($"{host.Url}#{none}");

        Assert.Null(fetched.Commit);
        Assert.StartsWith($"The commit {none} is not on the branch 'main' of {host.Url}", fetched.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_abbreviated_id_does_not_match_a_commit_of_another_repository()
    {
        await using GitHost one = await GitHost.StartAsync();
        await using GitHost other = await GitHost.StartAsync();
        using var fetcher = new FetcherUnderTest();
        string commit = one.Repository.Commit();
        other.Repository.Commit(content: "another");
        await fetcher.FetchAsync(one.Url);

        Assert.Equal(
            $"The branch 'main' of {other.Url} has no commit, or more than one, that starts with {commit[..9]}. Use the full commit id.",
            (await fetcher.FetchAsync($"{other.Url}#{commit[..9]}")).Reason);
    }

    [Fact]
    public async Task A_missing_branch_fails_with_the_reason()
    {
        await using GitHost host = await GitHost.StartAsync();
        using var fetcher = new FetcherUnderTest();
        host.Repository.Commit(branch: "refs/heads/main");
        host.Repository.Commit();

        string expected = $"{host.Url} has no branch 'live'. Specify a branch after '#' in the URL, or set the site's branch.";
        Assert.Equal(expected, (await fetcher.FetchAsync(host.Url + "#live")).Reason);
        Assert.Equal((null, expected), await fetcher.LocateAsync(host.Url + "#live"));
    }

    [Fact]
    public async Task A_branch_is_located_only_by_its_full_name()
    {
        await using GitHost host = await GitHost.StartAsync();
        using var fetcher = new FetcherUnderTest();
        string head = host.Repository.Commit();
        host.Repository.Commit(branch: "a/refs/heads/main");

        Assert.Equal((head, ""), await fetcher.LocateAsync(host.Url));
        Assert.Equal((null, $"{host.Url} has no branch 'heads/main'. Specify a branch after '#' in the URL, or set the site's branch."), await fetcher.LocateAsync(host.Url + "#heads/main"));
    }

    [Fact]
    public async Task A_commit_is_fetched_even_if_its_branch_name_conflicts_with_another_branch()
    {
        await using GitHost host = await GitHost.StartAsync();
        using var fetcher = new FetcherUnderTest();
        host.Repository.Commit();
        await fetcher.FetchAsync(host.Url);
        string head = host.Repository.Commit(branch: "x");
        SourceRepository.Git("-C", fetcher.Repository.Path, "update-ref", "refs/heads/x/y", fetcher.Ref("refs/heads/main"));

        Assert.Equal(head, (await fetcher.FetchAsync(host.Url + "#x")).Commit?.Id);
        Assert.Contains(fetcher.Said, line => line.StartsWith("The branch 'x' of the site's own repository was not updated: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(GitHostMode.Smart)]
    [InlineData(GitHostMode.Dumb)]
    internal async Task A_redirect_is_not_followed(GitHostMode mode)
    {
        await using GitHost inside = await GitHost.StartAsync(mode);
        await using GitHost host = await GitHost.StartAsync(GitHostMode.Redirect);
        using var fetcher = new FetcherUnderTest();
        inside.Repository.Commit();
        host.Target = $"http://127.0.0.1:{inside.Port}";

        Fetched fetched = await fetcher.FetchAsync(host.Url);

        Assert.Equal($"{host.Url} redirects, and redirects are not followed. Use the URL that it redirects to.", fetched.Reason);
        Assert.Empty(inside.Requests);
    }

    [Fact]
    public async Task HTTP_alternates_of_a_repository_are_not_followed()
    {
        await using GitHost inside = await GitHost.StartAsync(GitHostMode.Dumb);
        await using GitHost host = await GitHost.StartAsync(GitHostMode.Dumb);
        using var fetcher = new FetcherUnderTest();
        string commit = inside.Repository.Commit();
        host.Repository.Commit(branch: "other", content: "other");
        string info = Path.Combine(host.Repository.Folder, "objects", "info");
        await File.WriteAllTextAsync(Path.Combine(info, "http-alternates"), $"{inside.Url}/objects\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(info, "alternates"), $"{inside.Url}/objects\n", TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(Path.Combine(host.Repository.Folder, "info", "refs"), $"{commit}\trefs/heads/main\n", TestContext.Current.CancellationToken);

        Fetched fetched = await fetcher.FetchAsync(host.Url);

        Assert.Null(fetched.Commit);
        Assert.Contains(host.Requests, request => request.Contains("/objects/", StringComparison.Ordinal));
        Assert.Empty(inside.Requests);
    }

    [Fact]
    public async Task Git_connects_to_the_checked_address_even_if_the_name_changes_its_address()
    {
        await using GitHost host = await GitHost.StartAsync();
        using var fetcher = new FetcherUnderTest { Resolver = new(["127.0.0.1"], ["10.0.0.1"]) };
        string commit = host.Repository.Commit();

        // git sends several requests for one fetch. All of them must go to the address that was checked.
        Fetched fetched = await fetcher.FetchAsync($"http://{Host}:{host.Port}/shop.git#{commit[..12]}");

        Assert.Equal(("", commit), (fetched.Reason, fetched.Commit?.Id));
        Assert.Equal(1, fetcher.Resolver.Count);
        Assert.All(host.Requests, request => Assert.Contains($" {Host}:{host.Port} ", request, StringComparison.Ordinal));
        Assert.Equal(
            $"{Host}:{host.Port} resolves to 10.0.0.1, which is not allowed: private network. To allow it, add \"{Host}\" to Outbound:Allow.",
            (await fetcher.FetchAsync($"http://{Host}:{host.Port}/shop.git")).Reason);
    }

    [Theory]
    [InlineData("127.0.0.1", "10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:10.0.0.1")]
    public async Task One_blocked_address_of_a_host_blocks_the_fetch_before_any_request(params string[] addresses)
    {
        await using GitHost host = await GitHost.StartAsync();
        using var fetcher = new FetcherUnderTest { Resolver = new(addresses) };

        Assert.Contains("which is not allowed: ", (await fetcher.FetchAsync($"http://{Host}:{host.Port}/shop.git")).Reason, StringComparison.Ordinal);
        Assert.Empty(host.Requests);
    }

    [Theory]
    [InlineData("http://127.0.0.2:{port}/shop.git", "127.0.0.2:{port} is not allowed: loopback. To allow it, add \"127.0.0.2\" to Outbound:Allow.")]
    [InlineData("http://[::1]:{port}/shop.git", "[::1]:{port} is not allowed: loopback. To allow it, add \"::1\" to Outbound:Allow.")]
    [InlineData("http://0x7f.0.0.2:{port}/shop.git", "127.0.0.2:{port} is not allowed: loopback. To allow it, add \"127.0.0.2\" to Outbound:Allow.")]
    [InlineData("http://127.0.0.1:25/shop.git", "127.0.0.1:25 is not allowed: ")]
    public async Task A_blocked_literal_address_is_refused_before_any_request(string url, string reason)
    {
        await using GitHost host = await GitHost.StartAsync();
        using var fetcher = new FetcherUnderTest();
        string port = host.Port.ToString(null as IFormatProvider);

        string told = (await fetcher.FetchAsync(url.Replace("{port}", port, StringComparison.Ordinal))).Reason;
        Assert.StartsWith(reason.Replace("{port}", port, StringComparison.Ordinal), told, StringComparison.Ordinal);
        Assert.Empty(host.Requests);
    }

    [Fact]
    public async Task An_unknown_host_name_fails_with_the_reason()
    {
        using var fetcher = new FetcherUnderTest { Resolver = new([[]]) };

        Assert.Equal($"The host name {Host} was not found.", (await fetcher.FetchAsync($"http://{Host}/shop.git")).Reason);
    }

    [Fact]
    public async Task An_unreachable_host_fails_with_the_error_of_git()
    {
        using var fetcher = new FetcherUnderTest();

        Assert.StartsWith("http://127.0.0.1:1/shop.git cannot be fetched: fatal: unable to access", (await fetcher.FetchAsync("http://127.0.0.1:1/shop.git")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fetch_fails_when_it_exceeds_FetchLimit()
    {
        await using GitHost host = await GitHost.StartAsync();
        using var fetcher = new FetcherUnderTest();
        fetcher.Deploying.FetchLimit = TimeSpan.FromMilliseconds(300);
        var never = new TaskCompletionSource();
        host.Open = never.Task;

        Assert.Equal($"{host.Url} was not fetched within 0:00:00.3 (Deploying:FetchLimit), so the fetch was stopped.", (await fetcher.FetchAsync(host.Url)).Reason);
        never.SetResult();
    }

    [Fact]
    public async Task A_canceled_fetch_throws_and_ends_all_its_processes()
    {
        await using GitHost host = await GitHost.StartAsync();
        using var fetcher = new FetcherUnderTest();
        using var stop = new CancellationTokenSource();
        var never = new TaskCompletionSource();
        host.Open = never.Task;

        fetcher.Stop = stop.Token;

        Task<Fetched> fetching = fetcher.FetchAsync(host.Url);
        await Until(() => host.Requests.Count > 0);
        string[] processes = Processes(host.Url);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
        Assert.NotEmpty(processes);
        await Until(() => Processes(host.Url).Length == 0);
        never.SetResult();
    }

    /// <summary>Returns the command lines that contain <paramref name="argument"/>.</summary>
    internal static string[] Processes(string argument) => [.. Directory.EnumerateDirectories("/proc").Select(Arguments).Where(line => line.Contains(argument, StringComparison.Ordinal))];

    private static string Arguments(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Signals.Limit);
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
