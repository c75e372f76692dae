using System.Diagnostics.Metrics;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Nyala.Server.Access;
using Nyala.Server.Audit;
using Nyala.Server.Channels;
using Nyala.Server.Delivery;
using Nyala.Server.Deploying;
using Nyala.Server.Deploying.Fetch;
using Nyala.Server.Deploying.Push;
using Nyala.Server.Deploying.Zip;
using Nyala.Server.Deployments;
using Nyala.Server.Events;
using Nyala.Server.Front;
using Nyala.Server.History;
using Nyala.Server.Hooks;
using Nyala.Server.Hosting;
using Nyala.Server.OpenApi;
using Nyala.Server.Outbound;
using Nyala.Server.Secrets;
using Nyala.Server.Sites;
using Nyala.Server.Storage;
using Nyala.Server.Storage.Sqlite;
using Nyala.Server.Telemetry;

namespace Nyala.Server;

/// <summary>A running server. This file is its table of contents: one line for each room.</summary>
internal sealed class NyalaServer : IAsyncDisposable
{
#pragma warning disable RS0030 // The only use of Random.Shared; all other code takes its Random from the services.
    private static readonly Random Chance = Random.Shared;
#pragma warning restore RS0030

    private readonly WebApplication _app;
    private readonly DataFolder _data;

    private NyalaServer(WebApplication app, DataFolder data) => (_app, _data) = (app, data);

    /// <summary>The address to connect to from this machine, with the port that was bound.</summary>
    public Uri Address => Addresses[0];

    /// <summary>All addresses to connect to from this machine, <see cref="Address"/> first.</summary>
    public IReadOnlyList<Uri> Addresses
    {
        get
        {
            NyalaOptions options = Services.GetRequiredService<NyalaOptions>();
            return ConnectAddress.Of(Bound, options.Https.IsSet ? Services.GetRequiredService<ServerCertificate>().Current.TargetCertificate : null, options.PublicUrl);
        }
    }

    /// <summary>The addresses that the server is bound to, with the ports that were bound.</summary>
    public IEnumerable<Uri> Bound => Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address));

    /// <summary>The absolute path of the data folder.</summary>
    public string DataFolder => _data.Path;

    /// <summary>The admin token, which has every scope.</summary>
    public AdminToken AdminToken => Services.GetRequiredService<AdminToken>();

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a server.</summary>
    /// <param name="options">The validated options.</param>
    /// <param name="chosenToken">The admin token that the operator chose; null to keep the existing token or create one.</param>
    /// <param name="configure">Changes the builder in tests, for example to use another clock or log.</param>
    /// <exception cref="ServerStartException">The server cannot start. The message says why and what to do.</exception>
    public static async Task<NyalaServer> StartAsync(NyalaOptions options, string? chosenToken = null, Action<WebApplicationBuilder>? configure = null)
    {
        DataFolder data = Hosting.DataFolder.Open(options.Data);
        WebApplication? app = null;

        // The database opens in parallel with the rest of the start, to use a second core.
        var meter = new Meter(Metering.MeterName);
        var storage = new StorageInstruments(meter);
        Task<SqliteStore> store = Task.Run(() => SqliteStore.Open(data.Database, storage));
        try
        {
            app = Build(options, data, meter, store, chosenToken, configure);
            await store;
            if (await app.Services.GetRequiredService<KeyRing>().CheckAsync(app.Services.GetRequiredService<SecretBox>()) is { } refusal)
            {
                throw new ServerStartException(refusal);
            }

            await app.StartAsync();
            return new NyalaServer(app, data);
        }
        catch (Exception error)
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }

            await CloseAsync(store);
            data.Dispose();
            throw Explain(error, options);
        }
    }

    /// <summary>Completes when the server has stopped. The server does not handle signals of the process.</summary>
    /// <param name="cancellationToken">Stops the server.</param>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken = default) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _data.Dispose();
    }

    private static WebApplication Build(
        NyalaOptions options, DataFolder data, Meter meter, Task<SqliteStore> store, string? chosenToken, Action<WebApplicationBuilder>? configure)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "nyala" });
        builder.AddWeb(options);
        builder.Services
            .AddSingleton<IHostLifetime, NoSignalLifetime>()
            .AddSingleton(options)
            .AddSingleton(data.Proof)
            .AddSingleton(TimeProvider.System)
            .AddSingleton(Chance)
            .AddTelemetry(options.Telemetry, meter)
            .AddSingleton<IChangeFeed, LocalChangeFeed>()
            .AddSingleton<IStore>(_ => store.GetAwaiter().GetResult())
            .AddSingleton(provider => new IdSource(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IStore>().NewestId))
            .AddSecrets(data.Path)
            .AddAccess(AdminToken.Ensure(data.Path, chosenToken))
            .AddAudit()
            .AddSites()
            .AddOutbound(options.Outbound, options.Channels, options.LocalOnly)
            .AddHooks()
            .AddEvents()
            .AddDelivery(options.Delivery);
        builder.AddSingleNode();
        builder.Services
            .AddRescue()
            .AddHistory()
            .AddChannels()
            .AddDeployments(options.Deployments)
            .AddDeploying(options.Deploying, data.Path)
            .AddFetch()
            .AddHostedService<StoreProber>()
            .AddApiDescription();
        configure?.Invoke(builder);
        NonThrowingLoggerFactory.AddTo(builder.Services);

        WebApplication app = builder.Build();
        app.UseWeb();
        app.MapMetrics(options.Telemetry);
        app.MapApiDescription();
        app.MapHooks();
        app.MapHookEdits();
        app.MapPing();
        app.MapPreview();
        app.MapSamples();
        app.MapChannels();
        app.MapPublishing();
        app.MapEvents();
        app.MapDeliveries();
        app.MapRedeliveries();
        app.MapDeployments();
        app.MapDeploymentLogs();
        app.MapLogStream();
        app.MapGit();
        app.MapFetch();
        app.MapZip();
        app.MapRedeploy();
        app.MapSites();
        app.MapSettings();
        app.MapTokens();
        app.MapAudit();
        app.MapHealth();
        return app;
    }

    private static async Task CloseAsync(Task<SqliteStore> store)
    {
        await store.ContinueWith(_ => { }, TaskScheduler.Default);
        if (store.IsCompletedSuccessfully)
        {
            await store.Result.DisposeAsync();
        }
    }

    private static Exception Explain(Exception error, NyalaOptions options) => error switch
    {
        IOException { InnerException: AddressInUseException } => new ServerStartException(
            $"{options.Urls} is in use by another program. Stop that program, or specify another address with --urls.", error),
        IOException { InnerException: SocketException socket } => new ServerStartException($"The server cannot listen on {options.Urls}: {socket.Message}.", error),
        SocketException socket => new ServerStartException($"The server cannot listen on {options.Urls}: {socket.Message}.", error),
        StoreUnavailableException store => new ServerStartException(store.Message, error),
        Microsoft.Data.Sqlite.SqliteException sqlite => new ServerStartException(
            $"The database nyala.db in {options.Data} cannot be opened and seems to be damaged: {sqlite.Message} Restore it from the backup, together with its keys/.", error),
        _ => error,
    };
}
