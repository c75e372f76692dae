using System.Text.Json.Nodes;
using Nyala.Server.Storage;
using Nyala.Tests.Sources;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Fetch;

/// <summary>A site on a server, and a hook that receives the ends of its deployments.</summary>
internal sealed class FetchedSite : IAsyncDisposable
{
    private readonly TestServer _server;
    private readonly Receiver _receiver;

    private FetchedSite(TestServer server, Receiver receiver) => (_server, _receiver) = (server, receiver);

    public string Name { get; } = Some.Site();

    public string Path => $"/sites/{Name}/api/deploy";

    /// <summary>Creates the site and, unless <paramref name="hook"/> is false, its hook.</summary>
    public static async Task<FetchedSite> CreateAsync(TestServer server, string? command = null, bool hook = true)
    {
        var site = new FetchedSite(server, await Receiver.StartAsync());
        await server.Store.WriteAsync(tables =>
        {
            tables.Sites.Insert(SiteRecord.New(site.Name, DateTimeOffset.UnixEpoch) with { Command = command });
            return true;
        });
        if (hook)
        {
            // Ordered, because tests check the order in which deployments end.
            JsonObject ordered = Some.Hook(site._receiver.Url.AbsoluteUri);
            ordered["ordered"] = true;
            await server.PostAsync($"/sites/{site.Name}/api/hooks", ordered);
        }

        return site;
    }

    public Task<Reply> DeployAsync(string url, string query = "", params (string, string)[] headers) =>
        _server.SendAsync(HttpMethod.Post, Path + query, new JsonObject { ["format"] = "basic", ["url"] = url }.ToJsonString(), headers);

    /// <summary>Sends a push hook as GitHub does.</summary>
    public Task<Reply> PushAsync(string url, string commit, string branch = "main", string? delivery = null)
    {
        (string, string)[] headers = [("X-GitHub-Event", "push"), ("User-Agent", "GitHub-Hookshot/044aadd")];
        return _server.SendAsync(HttpMethod.Post, Path, Push(url, commit, branch), delivery is null ? headers : [.. headers, ("X-GitHub-Delivery", delivery)]);
    }

    /// <summary>Adds a commit, reports its push, and waits until it is deployed.</summary>
    /// <returns>The commit.</returns>
    public async Task<string> DeployNewAsync(GitHost host, string content, string branch = "main")
    {
        string commit = host.Repository.Commit(branch, content: content);
        await PushAsync(host.Url, commit, branch);
        Received told = await ToldAsync();
        Assert.Equal((commit, "success"), (told["id"], told["status"]));
        return commit;
    }

    public static string Push(string url, string commit, string branch = "main") => PushSamples.GitHub
        .Replace("https://github.com/Codertocat/Hello-World.git", url, StringComparison.Ordinal)
        .Replace(PushSamples.Commit, commit, StringComparison.Ordinal)
        .Replace("refs/heads/main", "refs/heads/" + branch, StringComparison.Ordinal);

    /// <summary>Waits for the next webhook.</summary>
    public Task<Received> ToldAsync() => _receiver.NextAsync();

    /// <summary>Returns the lines of a deployment's log.</summary>
    public async Task<string[]> LogAsync(string deployment) =>
        [.. (await GetAsync($"/{deployment}/log")).Json.EnumerateArray().Select(entry => entry.GetProperty("message").GetString()!)];

    /// <summary>Returns the text of a file in the current release.</summary>
    public Task<string> FileAsync(string name = "index.html") =>
        File.ReadAllTextAsync(System.IO.Path.Combine(_server.DataFolder, "sites", Name, "current", name), TestContext.Current.CancellationToken);

    /// <summary>Returns the deployments, newest first: the id, the status, and whether it is the active one.</summary>
    public async Task<(string Id, int Status, bool Active)[]> ListAsync() => [.. (await GetAsync("")).Json.EnumerateArray()
        .Select(one => (one.GetProperty("id").GetString()!, one.GetProperty("status").GetInt32(), one.GetProperty("active").GetBoolean()))];

    public Task<Reply> GetAsync(string path) => _server.GetAsync($"/sites/{Name}/api/deployments{path}");

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();
}
