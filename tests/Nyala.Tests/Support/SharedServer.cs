using Nyala.Tests.Support;

[assembly: AssemblyFixture(typeof(SharedServer))]

namespace Nyala.Tests.Support;

/// <summary>
/// One server for every test that keeps to sites, urls and types of its own. A test that needs the root's lists, options or
/// a clock starts one itself.
/// </summary>
public sealed class SharedServer : IAsyncLifetime
{
    private TestServer? _server;

    internal TestServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => _server!.DisposeAsync();
}
