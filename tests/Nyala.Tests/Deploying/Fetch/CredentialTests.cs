using System.Text;
using Nyala.Server.Deploying.Fetch;
using Nyala.Tests.Outbound;

namespace Nyala.Tests.Deploying.Fetch;

/// <summary>Credentials in a URL are sent to the repository's server and nowhere else.</summary>
public sealed class CredentialTests
{
    private const string User = "ann-the-user";
    private const string Password = "p%40ss-of-ann";
    private static readonly string Basic = Convert.ToBase64String(Encoding.UTF8.GetBytes("ann-the-user:p@ss-of-ann"));

    [Fact]
    public async Task Credentials_are_sent_as_Authorization_and_appear_in_no_argument_output_or_file()
    {
        await using GitHost host = await GitHost.StartAsync();
        using var fetcher = new FetcherUnderTest();
        string head = host.Repository.Commit();
        host.Demands = "Basic " + Basic;
        string[] arguments = [];
        host.OnRequest = () => arguments = [.. arguments, .. RepositoryFetcherTests.Processes($"127.0.0.1:{host.Port}/shop.git")];

        Fetched fetched = await fetcher.FetchAsync($"http://{User}:{Password}@127.0.0.1:{host.Port}/shop.git");

        Assert.Equal(("", head), (fetched.Reason, fetched.Commit?.Id));
        Assert.All(host.Requests, request => Assert.EndsWith(host.Demands, request, StringComparison.Ordinal));
        Assert.NotEmpty(fetcher.Said);
        Assert.NotEmpty(arguments);
        string kept = string.Concat(Directory.EnumerateFiles(fetcher.Repository.Path, "*", SearchOption.AllDirectories).Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))));
        AssertClean([.. fetcher.Said, .. arguments, kept]);
    }

    [Fact]
    public void Credentials_are_passed_to_git_in_the_environment_and_in_no_argument()
    {
        RepositoryUrl url = RepositoryUrl.Parse($"http://{User}:{Password}@127.0.0.1/shop.git", out _)!;
        System.Diagnostics.ProcessStartInfo start = new FetchRoute(url, []).Start(["ls-remote"]);

        AssertClean([start.FileName, .. start.ArgumentList, url.ToString()]);
        Assert.Contains($"Authorization: Basic {Basic}", start.Environment.Values);
    }

    [Fact]
    public async Task Credentials_are_masked_in_the_output_and_in_the_reason_of_a_failure()
    {
        await using GitHost host = await GitHost.StartAsync();
        using var fetcher = new FetcherUnderTest();
        RepositoryUrl url = RepositoryUrl.Parse($"http://{User}:{Password}@127.0.0.1:{host.Port}/shop.git", out _)!;
        var route = new FetchRoute(url, []);

        AssertClean([route.Mask($"remote: you are {User} with {Password} and {Uri.UnescapeDataString(Password)} by Basic {Basic}")]);
        Assert.Equal("remote: Total 3", route.Mask("remote: Total 3"));
        Assert.Equal(
            $"http://***@127.0.0.1:{host.Port}/shop.git has no branch 'main'. Specify a branch after '#' in the URL, or set the site's branch.", (await fetcher.FetchAsync(route)).Reason);
    }

    [Fact]
    public async Task Missing_and_wrong_credentials_each_fail_with_their_own_reason()
    {
        await using GitHost host = await GitHost.StartAsync();
        using var fetcher = new FetcherUnderTest();
        host.Repository.Commit();
        host.Demands = "Basic " + Basic;

        Assert.Equal($"{host.Url} does not exist, or requires credentials. Add them to the URL: https://user:token@host/…", (await fetcher.FetchAsync(host.Url)).Reason);
        string wrong = (await fetcher.FetchAsync($"http://{User}:wrong@127.0.0.1:{host.Port}/shop.git")).Reason;
        Assert.EndsWith("rejected the credentials.", wrong, StringComparison.Ordinal);
        AssertClean([wrong]);
    }

    [Fact]
    public async Task Git_gets_neither_the_proxy_variables_nor_the_netrc_of_the_user()
    {
        RepositoryUrl url = RepositoryUrl.Parse("http://127.0.0.1/shop.git", out _)!;
        using var fetcher = new FetcherUnderTest();
        (FetchRoute? route, _) = await fetcher.Routes().FindAsync(url, TestContext.Current.CancellationToken);
        System.Diagnostics.ProcessStartInfo start = route!.Start(["ls-remote"]);

        Assert.Equal("/dev/null", start.Environment["HOME"]);
        Assert.DoesNotContain(start.Environment.Keys, name => name.Contains("proxy", StringComparison.OrdinalIgnoreCase) || name.StartsWith("NYALA", StringComparison.Ordinal));
        Assert.Contains(start.Environment, pair => pair.Value == "http.proxy" && start.Environment[pair.Key.Replace("KEY", "VALUE", StringComparison.Ordinal)] == "");
    }

    [Fact]
    public async Task A_fetch_through_the_egress_proxy_leaves_the_host_name_to_the_proxy()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using var proxy = new EgressProxy(host.Port, "nyala:of-the-proxy");
        using var fetcher = new FetcherUnderTest { Resolver = new(["10.0.0.1"]) };
        fetcher.Options.Proxy = $"http://nyala:of-the-proxy@{proxy.Address}";
        string head = host.Repository.Commit();

        Fetched fetched = await fetcher.FetchAsync($"http://{User}:{Password}@{FetcherUnderTest.Host}/shop.git");

        Assert.Equal(("", head), (fetched.Reason, fetched.Commit?.Id));
        Assert.Equal(0, fetcher.Resolver.Count);
        Assert.NotEmpty(proxy.Requests);
        Assert.All(host.Requests, request => Assert.Contains($" {FetcherUnderTest.Host} Basic {Basic}", request, StringComparison.Ordinal));
        AssertClean([.. fetcher.Said]);
    }

    [Theory]
    [InlineData("https://github.com/acme/shop.git", true)]
    [InlineData("https://GitHub.com:443/acme/shop/", true)]
    [InlineData("https://github.com/acme/shop#main", true)]
    [InlineData("https://github.com/acme/shop-2.git", false)]
    [InlineData("https://github.com/acme/shop/x", false)]
    [InlineData("https://github.com/acme/Shop", false)]
    [InlineData("http://github.com/acme/shop", false)]
    [InlineData("https://github.com:8443/acme/shop", false)]
    [InlineData("https://github.com.evil.example/acme/shop", false)]
    public void The_sites_own_credentials_are_used_only_for_their_repository(string text, bool used)
    {
        RepositoryUrl known = RepositoryUrl.Parse("https://ann:token@github.com/acme/shop", out _)!;
        RepositoryUrl url = RepositoryUrl.Parse(text, out _)!;

        Assert.Equal(url with { UserInfo = used ? "ann:token" : null }, KnownRepository.Complete(url, known));
        Assert.Equal("bob:", KnownRepository.Complete(RepositoryUrl.Parse("https://bob@github.com/acme/shop", out _)!, known).UserInfo);
    }

    private static void AssertClean(string[] texts) => Assert.All(texts, text =>
    {
        Assert.DoesNotContain(User, text, StringComparison.Ordinal);
        Assert.DoesNotContain("ss-of-ann", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Basic, text, StringComparison.Ordinal);
    });
}
