using Microsoft.Extensions.DependencyInjection;
using Nyala.Client;
using Nyala.Server;
using Nyala.Server.Events;
using Nyala.Server.Outbound.Channels.Http;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Bench;

/// <summary>A server in this process, with its database on a real disk and default options.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    public const string Site = "bench";

    private readonly NyalaServer _server;

    private ServerUnderTest(NyalaServer server) => _server = server;

    public Publisher Publisher => _server.Services.GetRequiredService<Publisher>();

    public HttpChannel Http => _server.Services.GetRequiredService<HttpChannel>();

    public IStore Store => _server.Services.GetRequiredService<IStore>();

    public IdSource Ids => _server.Services.GetRequiredService<IdSource>();

    public static async Task<ServerUnderTest> StartAsync(string data) =>
        new(await NyalaServer.StartAsync(new NyalaOptions { Urls = "http://127.0.0.1:0", Data = data }));

    /// <summary>Opens a client that calls the API with the admin token.</summary>
    public HttpClient OpenClient()
    {
        var http = new HttpClient { BaseAddress = _server.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", File.ReadAllText(Path.Combine(_server.DataFolder, "admin-token")).Trim());
        return http;
    }

    /// <summary>Opens the database to read the progress of the deliveries.</summary>
    public Progress OpenProgress() => new(Path.Combine(_server.DataFolder, "nyala.db"));

    /// <summary>Subscribes a hook of the root.</summary>
    /// <returns>The hook's id.</returns>
    public async Task<long> AddHookAsync(string type, Uri url, HookState state = HookState.Active)
    {
        var hook = new HookRecord
        {
            Id = Ids.Next(),
            Event = type,
            Url = url.AbsoluteUri,
            Secret = _server.Services.GetRequiredService<SecretBox>().Encrypt(WebhookSecret.Create()),
            State = state,
            Created = TimeProvider.System.GetUtcNow(),
        };
        return await Store.WriteAsync(tables =>
        {
            tables.Hooks.Insert(hook);
            return hook.Id;
        });
    }

    /// <summary>Removes hooks. Their deliveries are then closed.</summary>
    public async Task RemoveHooksAsync(IEnumerable<long> hooks)
    {
        foreach (long hook in hooks)
        {
            await Store.WriteAsync(tables => tables.Hooks.Remove(hook));
            await _server.Services.GetRequiredService<IDispatcher>().ChangedAsync(hook);
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
