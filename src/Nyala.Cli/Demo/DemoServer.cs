using Nyala.Cli.Connection;

namespace Nyala.Cli.Demo;

/// <summary>The demo's server: <c>nyala serve</c> as a separate process, on a free port with its own data folder.</summary>
internal sealed class DemoServer(string folder, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private DemoProcess? _process;
    private volatile string _lastLine = "";

    /// <summary>Starts the server, and returns when it has written its address.</summary>
    public async Task<LocalServer> StartAsync(CancellationToken cancellationToken)
    {
        string data = Path.Combine(folder, "data");
        _process = DemoProcess.StartNyala(
            ["serve", "--urls", "http://127.0.0.1:0", "--data", data], folder, folder, line => _lastLine = line.Trim() is { Length: > 0 } text ? text : _lastLine);
        string state = Path.Combine(DemoProcess.StateHome(folder), "nyala");
        while (true)
        {
            if (LocalServer.Find(state) is { Token: not null } local)
            {
                return local;
            }

            if (_process.HasExited)
            {
                int exitCode = await _process.WaitAsync(cancellationToken);
                throw new CommandFailure($"the server ended with exit code {exitCode}: {_lastLine}");
            }

            await Task.Delay(PollInterval, clock, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.StopAsync(clock);
            _process.Dispose();
        }
    }
}
