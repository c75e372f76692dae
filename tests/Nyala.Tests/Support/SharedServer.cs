using Nyala.Tests.Support;

[assembly: AssemblyFixture(typeof(SharedServer))]

namespace Nyala.Tests.Support;

/// <summary>
/// One server for all tests that use only their own sites, URLs and event types. A test that needs the lists at the root, other options or a clock starts its
/// own server.
/// </summary>
public sealed class SharedServer : IAsyncLifetime
{
    private TestServer? _server;

    internal TestServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => _server!.DisposeAsync();
}
