using Microsoft.Extensions.DependencyInjection;
using Nyala.Server.Deploying;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying;

/// <summary>A site of a test's own, to deploy to.</summary>
internal sealed class DeployingSite
{
    private readonly TestServer _server;

    private DeployingSite(TestServer server, string name) => (_server, Name) = (server, name);

    public string Name { get; }

    public string Api => $"/sites/{Name}/api";

    /// <summary>Its folder on the disk.</summary>
    public SiteFolder Folder => _server.Server.Services.GetRequiredService<SiteFolders>().Of(Name);

    /// <summary>The files that it runs; null where it runs nothing.</summary>
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

    /// <summary>Begins to deploy a zip, and does not wait.</summary>
    public Task<Reply> BeginAsync(params IEnumerable<(string Name, string Text)> files) =>
        _server.SendAsync(HttpMethod.Post, $"{Api}/zipdeploy?isAsync=true", Zips.Of(files));

    /// <summary>Waits for the end of a deployment; the event stream ends with it.</summary>
    public async Task<Reply> EndAsync(string id)
    {
        await _server.GetAsync($"{Api}/deployments/{id}/log/stream").InTimeAsync();
        return await _server.GetAsync($"{Api}/deployments/{id}");
    }

    /// <summary>The messages of a deployment's log.</summary>
    public async Task<IReadOnlyList<string>> LogAsync(string id) =>
        [.. (await _server.GetAsync($"{Api}/deployments/{id}/log")).Json.EnumerateArray().Select(entry => entry.GetProperty("message").GetString()!)];

    public string Read(string file) => File.ReadAllText(Path.Combine(Folder.Current, file));
}
