using System.Diagnostics;
using System.Globalization;

namespace Nyala.Bench.Front;

/// <summary>The load generator in a separate process, which runs this program again. It ends when its input ends.</summary>
internal sealed class LoadProcess : IDisposable
{
    private readonly ChildProcess _process;
    private bool _held;

    private LoadProcess(ChildProcess process) => _process = process;

    /// <summary>The processor time used so far.</summary>
    public TimeSpan Processor => _process.Processor;

    public static LoadProcess Start()
    {
        ProcessStartInfo start = ChildProcess.ThisProgram("load");

        // One thread sends and receives for all connections, without passing anything to other threads.
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "1";
        return new LoadProcess(new ChildProcess(start));
    }

    /// <summary>Starts a run. Returns when all connections are open and the first requests are about to be sent.</summary>
    public async Task StartAsync(Uri url, string token, int connections, int seconds, CancellationToken cancellationToken)
    {
        _held = false;
        await _process.WriteLineAsync($"run {url} {token} {connections} {seconds}", cancellationToken);
        await ReadAsync("started", cancellationToken);
    }

    /// <summary>Waits until the run has ended.</summary>
    /// <returns>The number of accepted events.</returns>
    public async Task<int> AcceptedAsync(CancellationToken cancellationToken) =>
        int.Parse(await ReadAsync("accepted", cancellationToken), CultureInfo.InvariantCulture);

    /// <summary>Stops the connections between two requests, or lets them continue.</summary>
    public async Task HoldAsync(bool hold, CancellationToken cancellationToken)
    {
        if (_held != hold)
        {
            _held = hold;
            await _process.WriteLineAsync(hold ? "hold" : "go", cancellationToken);
        }
    }

    public void Dispose() => _process.Dispose();

    private async Task<string> ReadAsync(string word, CancellationToken cancellationToken)
    {
        string? line = await _process.ReadLineAsync(cancellationToken);
        return line is not null && line.StartsWith(word, StringComparison.Ordinal)
            ? line[word.Length..].Trim()
            : throw new BenchException($"The load generator said: {line ?? "nothing"}");
    }
}
