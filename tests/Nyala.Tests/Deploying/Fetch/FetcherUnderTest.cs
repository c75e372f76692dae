using System.Collections.Concurrent;
using Nyala.Server.Deploying;
using Nyala.Server.Deploying.Fetch;
using Nyala.Server.Deploying.Git;
using Nyala.Server.Outbound;
using Nyala.Tests.Outbound;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Fetch;

/// <summary>A fetcher with its own site repository. It collects the lines that the fetcher reports.</summary>
internal sealed class FetcherUnderTest : IDisposable
{
    public const string Host = "git.example";

    private readonly string _folder = Directory.CreateTempSubdirectory("nyala-fetch-").FullName;
    private readonly ConcurrentQueue<string> _said = new();

    public FetcherUnderTest() => Repository = new BareRepository(Path.Combine(_folder, "repository.git"));

    public BareRepository Repository { get; }

    public OutboundOptions Options { get; } = new() { Allow = ["127.0.0.1"] };

    public DeployingOptions Deploying { get; } = new();

    /// <summary>Resolves host names.</summary>
    public ScriptedResolver Resolver { get; set; } = new(["127.0.0.1"]);

    public IReadOnlyCollection<string> Said => _said;

    /// <summary>Cancels a fetch.</summary>
    public CancellationToken Stop { get; set; } = TestContext.Current.CancellationToken;

    public RouteFinder Routes() => new(
        Options.Proxy.Length > 0 ? AddressGuard.ForProxy : new AddressGuard(ownOpen: false, Options.Allowed), Resolver, Options, Some.OutboundInstruments(), TimeProvider.System);

    /// <summary>Fetches the branch or commit that a URL names, or the branch <c>main</c> if it names none.</summary>
    public async Task<Fetched> FetchAsync(string url)
    {
        RepositoryUrl read = RepositoryUrl.Parse(url, out string reason) ?? throw new ArgumentException(reason);
        (FetchRoute? route, reason) = await Routes().FindAsync(read, TestContext.Current.CancellationToken);
        return route is null ? Fetched.Failed(reason) : await FetchAsync(route);
    }

    public async Task<Fetched> FetchAsync(FetchRoute route)
    {
        await Repository.EnsureAsync("main", TestContext.Current.CancellationToken);
        var target = new FetchTarget(route.Url.Branch ?? "main", route.Url.Commit);
        Task<Fetched> fetching = new RepositoryFetcher(Deploying, TimeProvider.System).FetchAsync(
            route,
            Repository,
            target,
            line =>
            {
                _said.Enqueue(line);
                return ValueTask.CompletedTask;
            },
            Stop);
        return await fetching.InTimeAsync();
    }

    public async Task<(string? Commit, string Reason)> LocateAsync(string url)
    {
        RepositoryUrl read = RepositoryUrl.Parse(url, out _)!;
        (FetchRoute? route, string reason) = await Routes().FindAsync(read, TestContext.Current.CancellationToken);
        return route is null ? (null, reason)
            : await new RepositoryFetcher(Deploying, TimeProvider.System).LocateAsync(route, read.Branch ?? "main", TestContext.Current.CancellationToken).InTimeAsync();
    }

    /// <summary>Returns the commit that a ref of the site's repository points to, or an empty string if the ref does not exist.</summary>
    public string Ref(string name) => SourceRepository.Git("-C", Repository.Path, "for-each-ref", "--format=%(objectname)", name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
