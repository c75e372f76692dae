using Microsoft.Extensions.DependencyInjection;
using Nyala.Server.Deploying;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying;

/// <summary>A site that one test deploys to.</summary>
internal sealed class DeployingSite
{
    private readonly TestServer _server;

    private DeployingSite(TestServer server, string name) => (_server, Name) = (server, name);

    public string Name { get; }

    public string Api => $"/sites/{Name}/api";

    /// <summary>The folder of the site on disk.</summary>
    public SiteFolder Folder => _server.Server.Services.GetRequiredService<SiteFolders>().Of(Name);

    /// <summary>The folder of the current release; null if there is none.</summary>
    public string? Current => Directory.Exists(Folder.Current) ? Folder.Current : null;

    public static async Task<DeployingSite> CreateAsync(TestServer server, string? command = null, int keep = 5)
    {
        string name = Some.Site();
        await server.Store.WriteAsync(tables =>
        {
            tables.Sites.Insert(SiteRecord.New(name, DateTimeOffset.UnixEpoch) with { Command = command, Keep = keep });
            return true;
        });
        return new DeployingSite(server, name);
    }

    /// <summary>Deploys a zip and waits for the end.</summary>
    public Task<Reply> ZipAsync(params IEnumerable<(string Name, string Text)> files) =>
        _server.SendAsync(HttpMethod.Post, $"{Api}/zipdeploy", Zips.Of(files));

    /// <summary>Starts to deploy a zip and does not wait for the end.</summary>
    public Task<Reply> BeginAsync(params IEnumerable<(string Name, string Text)> files) =>
        _server.SendAsync(HttpMethod.Post, $"{Api}/zipdeploy?isAsync=true", Zips.Of(files));

    /// <summary>Waits until a deployment ends and returns it. The event stream ends with the deployment.</summary>
    public async Task<Reply> EndAsync(string id)
    {
        await _server.GetAsync($"{Api}/deployments/{id}/log/stream").InTimeAsync();
        return await _server.GetAsync($"{Api}/deployments/{id}");
    }

    /// <summary>Returns the messages of a deployment's log.</summary>
    public async Task<IReadOnlyList<string>> LogAsync(string id) =>
        [.. (await _server.GetAsync($"{Api}/deployments/{id}/log")).Json.EnumerateArray().Select(entry => entry.GetProperty("message").GetString()!)];

    public string Read(string file) => File.ReadAllText(Path.Combine(Folder.Current, file));
}
