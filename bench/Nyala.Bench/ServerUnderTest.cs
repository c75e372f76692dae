using Microsoft.Extensions.DependencyInjection;
using Nyala.Client;
using Nyala.Server;
using Nyala.Server.Events;
using Nyala.Server.Hosting;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Bench;

/// <summary>A server in this process, its database on a real disk, with every option at its default.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    public const string Site = "bench";

    private readonly NyalaServer _server;

    private ServerUnderTest(NyalaServer server) => _server = server;

    public Publisher Publisher => _server.Services.GetRequiredService<Publisher>();

    public static async Task<ServerUnderTest> StartAsync(string data) =>
        new(await NyalaServer.StartAsync(new NyalaOptions { Urls = "http://127.0.0.1:0", Data = data }));

    /// <summary>The database, to be asked how far the deliveries are.</summary>
    public Progress OpenProgress() => new(Path.Combine(_server.DataFolder, "nyala.db"));

    /// <summary>Subscribes a hook at the root.</summary>
    public Task AddHookAsync(string type, Uri url)
    {
        var hook = new HookRecord
        {
            Id = _server.Services.GetRequiredService<IdSource>().Next(),
            Event = type,
            Url = url.AbsoluteUri,
            Secret = _server.Services.GetRequiredService<SecretBox>().Close(WebhookSecret.Create()),
            Created = TimeProvider.System.GetUtcNow(),
        };
        return _server.Services.GetRequiredService<IStore>().WriteAsync(tables =>
        {
            tables.Hooks.Insert(hook);
            return true;
        });
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
