using System.Diagnostics;
using System.Globalization;
using Nyala.Server;

namespace Nyala.Bench;

/// <summary>A server in a process of its own, over a data folder that is there: its memory is its own, and it starts cold.</summary>
internal sealed class ColdProcess : IDisposable
{
    private readonly Process _process;
    private bool _ended;

    private ColdProcess(Process process) => _process = process;

    /// <summary>Starts one; it is not ready yet.</summary>
    /// <param name="data">Its data folder.</param>
    /// <param name="token">Its admin token; null where nobody needs one.</param>
    public static ColdProcess Start(string data, string? token = null) => new(
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["serve", data, token ?? ""]) { RedirectStandardInput = true, RedirectStandardOutput = true })
        ?? throw new BenchException("The server did not start."));

    /// <summary>What the other process does, until its input ends.</summary>
    public static async Task<int> ServeAsync(string data, string token)
    {
        await using NyalaServer server = await NyalaServer.StartAsync(new NyalaOptions { Urls = "http://127.0.0.1:0", Data = data }, token.Length > 0 ? token : null);
        await Console.Out.WriteLineAsync($"ready {server.Address}");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <returns>Where it listens.</returns>
    public async Task<Uri> ReadyAsync(CancellationToken cancellationToken) =>
        await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line && line.Split(' ') is ["ready", string address]
            ? new Uri(address)
            : throw new BenchException("The server did not start.");

    /// <summary>Bytes of memory that it holds, or has held at most; from Linux.</summary>
    public long Memory(bool most) => Status(most ? "VmHWM:" : "VmRSS:");

    /// <summary>Bytes of it that are pages of files, those of the runtime above all: processes share them, and the system takes them back where it needs memory.</summary>
    public long FilePages() => Status("RssFile:");

    private long Status(string field)
    {
        string line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Stops it, and waits until it has ended.</summary>
    public void Dispose()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(40)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
