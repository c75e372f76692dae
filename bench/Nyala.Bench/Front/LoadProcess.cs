using System.Diagnostics;
using System.Globalization;

namespace Nyala.Bench.Front;

/// <summary>The load generator in a separate process, which runs this program again. It ends when its input ends.</summary>
internal sealed class LoadProcess : IDisposable
{
    private readonly Process _process;
    private bool _held;

    private LoadProcess(Process process) => _process = process;

    /// <summary>The processor time used so far.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static LoadProcess Start()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, "load") { RedirectStandardInput = true, RedirectStandardOutput = true };

        // One thread sends and receives for all connections, without passing anything to other threads.
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "1";
        return new LoadProcess(Process.Start(start) ?? throw new BenchException("The load generator did not start."));
    }

    /// <summary>Starts a run. Returns when all connections are open and the first requests are about to be sent.</summary>
    public async Task StartAsync(Uri url, string token, int connections, int seconds, CancellationToken cancellationToken)
    {
        _held = false;
        await _process.StandardInput.WriteLineAsync($"run {url} {token} {connections} {seconds}".AsMemory(), cancellationToken);
        await ReadAsync("started", cancellationToken);
    }

    /// <summary>Waits until the run has ended.</summary>
    /// <returns>The number of accepted events.</returns>
    public async Task<int> AcceptedAsync(CancellationToken cancellationToken) =>
        int.Parse(await ReadAsync("accepted", cancellationToken), CultureInfo.InvariantCulture);

    /// <summary>Stops the connections between two requests, or lets them continue.</summary>
    public async Task HoldAsync(bool hold)
    {
        if (_held != hold)
        {
            _held = hold;
            await _process.StandardInput.WriteLineAsync(hold ? "hold" : "go");
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<string> ReadAsync(string word, CancellationToken cancellationToken)
    {
        string? line = await _process.StandardOutput.ReadLineAsync(cancellationToken);
        return line is not null && line.StartsWith(word, StringComparison.Ordinal)
            ? line[word.Length..].Trim()
            : throw new BenchException($"The load generator said: {line ?? "nothing"}");
    }
}
