using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Nyala.Server;
using Nyala.Server.Storage;

namespace Nyala.Tests.Support;

/// <summary>A real server in this process, on a free port and with its own data folder, which is deleted with it.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Token = "nyala_token-of-the-tests";

    private readonly string _folder = Directory.CreateTempSubdirectory("nyala-tests-").FullName;
    private readonly Action<NyalaOptions>? _adjust;
    private readonly TimeProvider? _clock;
    private readonly Action<IServiceCollection>? _replace;
    private readonly CapturedLog? _log;
    private NyalaServer? _server;
    private HttpClient? _http;
    private HttpClient? _anonymous;

    private TestServer(Action<NyalaOptions>? adjust, TimeProvider? clock, Action<IServiceCollection>? replace, CapturedLog? log) =>
        (_adjust, _clock, _replace, _log) = (adjust, clock, replace, log);

    public NyalaServer Server => _server!;

    /// <summary>A client that sends the token.</summary>
    public HttpClient Http => _http!;

    public HttpClient Anonymous => _anonymous!;

    public Uri Address => Server.Address;

    public string DataFolder => Server.DataFolder;

    /// <summary>The path of the data folder. It is available even while the server is stopped.</summary>
    public string DataFolderPath => _folder;

    public IStore Store => Server.Services.GetRequiredService<IStore>();

    /// <summary>Starts a server.</summary>
    /// <param name="adjust">Changes the options, which are the defaults except for the address, the data folder and <c>Sites:HostName</c>.</param>
    /// <param name="clock">The clock; null for the system's clock.</param>
    /// <param name="replace">Replaces services of the server.</param>
    /// <param name="log">The log, which gets messages of every level; null for no log.</param>
    public static async Task<TestServer> StartAsync(
        Action<NyalaOptions>? adjust = null, TimeProvider? clock = null, Action<IServiceCollection>? replace = null, CapturedLog? log = null)
    {
        var server = new TestServer(adjust, clock, replace, log);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Stops the server.</summary>
    public async Task StopAsync()
    {
        _http?.Dispose();
        _anonymous?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
            _server = null;
        }
    }

    /// <summary>Starts the server again on the same data folder, on another port.</summary>
    public async Task StartAgainAsync()
    {
        var options = new NyalaOptions { Urls = "http://127.0.0.1:0", Data = _folder };
        options.Sites.HostName = "{site}.example.com";
        _adjust?.Invoke(options);
        Assert.Empty(options.Validate());
        _server = await NyalaServer.StartAsync(options, Token, builder =>
        {
            builder.Logging.ClearProviders();
            if (_log is not null)
            {
                builder.Logging.AddProvider(_log).AddFilter<CapturedLog>(null, LogLevel.Trace);
            }

            if (_clock is not null)
            {
                builder.Services.AddSingleton(_clock);
            }

            _replace?.Invoke(builder.Services);
        });
        _http = Connect();
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        _anonymous = Connect();
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAgainAsync();
    }

    public Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Reply> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public Task<Reply> PostAsync(string path, JsonNode body) => SendAsync(HttpMethod.Post, path, body.ToJsonString());

    public Task<Reply> PutAsync(string path, JsonNode body) => SendAsync(HttpMethod.Put, path, body.ToJsonString());

    /// <summary>Sends a request with the token, and reads the whole response.</summary>
    public Task<Reply> SendAsync(HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        HttpContent? content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return SendAsync(method, path, content, headers);
    }

    /// <summary>Sends a request with the token, and reads the whole response.</summary>
    public async Task<Reply> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach ((string name, string value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await Reply.ReadAsync(await Http.SendAsync(request, TestContext.Current.CancellationToken));
    }

    /// <summary>Subscribes a hook, and returns its id.</summary>
    public async Task<string> SubscribeAsync(Uri url, string type = "PostDeployment", string path = "/api/hooks") =>
        (await PostAsync(path, Some.Hook(url.AbsoluteUri, type)))["id"];

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Returns a new client without a token, which stays open when the server stops.</summary>
    public HttpClient Connect() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
    {
        BaseAddress = Address,
        Timeout = Signals.Limit * 2,
    };
}
