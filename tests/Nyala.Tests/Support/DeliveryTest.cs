using Microsoft.Extensions.DependencyInjection;
using Nyala.Server;

namespace Nyala.Tests.Support;

/// <summary>The base of tests of deliveries: a server on a clock that the test advances, and a receiver.</summary>
public abstract class DeliveryTest : IAsyncLifetime
{
    private TestServer? _server;
    private Receiver? _receiver;

    private protected SignalClock Clock { get; } = new();

    private protected TestServer Server => _server!;

    private protected Receiver Receiver => _receiver!;

    public virtual async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(Configure, Clock, Replace);
        _receiver = await Receiver.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Receiver.Release();
        await Server.DisposeAsync();
        await Receiver.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Changes the options of the server.</summary>
    private protected virtual void Configure(NyalaOptions options)
    {
    }

    /// <summary>Replaces services of the server.</summary>
    private protected virtual void Replace(IServiceCollection services)
    {
    }
}
