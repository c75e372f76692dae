namespace Nyala.EndToEnd.Support;

/// <summary>A machine with a server that the tests of a class share.</summary>
public sealed class ServedMachine : IAsyncLifetime
{
    private readonly Machine _machine = new();

    internal ServerProcess Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await _machine.ServeAsync();

    public ValueTask DisposeAsync()
    {
        _machine.Dispose();
        return ValueTask.CompletedTask;
    }
}
