using Nyala.Client;

namespace Nyala.EndToEnd.Support;

/// <summary>The site <c>shop</c> of a server, as its pushers see it.</summary>
internal sealed class Shop
{
    public const string Name = "shop";

    private readonly Machine _machine;
    private readonly ServerProcess _server;

    private Shop(Machine machine, ServerProcess server, string token) => (_machine, _server, Token) = (machine, server, token);

    /// <summary>A token that may only deploy to this site.</summary>
    public string Token { get; }

    public NyalaClient Client => _server.Client.ForSite(Name);

    /// <summary>The URL that the user maria pushes to.</summary>
    public string Url => UrlOf(Token);

    public string Folder => Path.Combine(_machine.Data, "sites", Name);

    public string Repository => Path.Combine(Folder, "repository.git");

    /// <summary>The name of the current release; null if there is none.</summary>
    public string? Release => new FileInfo(Path.Combine(Folder, "current")).LinkTarget is { } target ? Path.GetFileName(target) : null;

    public static async Task<Shop> OpenAsync(Machine machine, ServerProcess server, string? command = null)
    {
        await server.Client.CreateSiteAsync(new SiteRequest { Name = Name, Command = command }, TestContext.Current.CancellationToken);
        Token token = await server.Client.CreateTokenAsync(
            new TokenRequest { Name = "push", Scopes = ["deploy"], Site = Name }, TestContext.Current.CancellationToken);
        return new Shop(machine, server, token.Value!);
    }

    /// <summary>Returns the same site on a server that was started again.</summary>
    public Shop At(ServerProcess server) => new(_machine, server, Token);

    public string UrlOf(string token, string path = $"{Name}.git") => $"{_server.Address.Scheme}://maria:{token}@{_server.Address.Authority}/{path}";

    /// <summary>Returns the text of a file of the current release.</summary>
    public string Read(string file) => File.ReadAllText(Path.Combine(Folder, "current", file));

    /// <summary>Adds a hook that sends the site's deployments to a receiver.</summary>
    public Task<Hook> TellAsync(Receiver receiver) => Client.AddHookAsync(new HookRequest { Url = receiver.Url }, TestContext.Current.CancellationToken);

    public Task<Deployment> DeploymentAsync(string id) => Client.GetDeploymentAsync(id, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Waits for the end of a deployment.</summary>
    public async Task EndAsync(string id)
    {
        await foreach (LogUpdate update in Client.FollowLogAsync(id, cancellationToken: TestContext.Current.CancellationToken))
        {
            _ = update;
        }
    }

    public Task CommandAsync(string command) =>
        _server.Client.ChangeSiteAsync(Name, new SiteChange { Command = command }, TestContext.Current.CancellationToken);
}
