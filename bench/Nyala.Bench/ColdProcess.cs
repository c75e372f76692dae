using System.Diagnostics;
using System.Globalization;
using Nyala.Server;
using Nyala.Server.Hosting;

namespace Nyala.Bench;

/// <summary>A server in a process of its own, over a data folder that is there: its memory is its own, and it starts cold.</summary>
internal sealed class ColdProcess : IDisposable
{
    private readonly Process _process;

    private ColdProcess(Process process) => _process = process;

    /// <summary>Starts one; it is not ready yet.</summary>
    public static ColdProcess Start(string data) => new(
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["serve", data]) { RedirectStandardInput = true, RedirectStandardOutput = true })
        ?? throw new BenchException("The server did not start."));

    /// <summary>What the other process does, until its input ends.</summary>
    public static async Task<int> ServeAsync(string data)
    {
        await using NyalaServer server = await NyalaServer.StartAsync(new NyalaOptions { Urls = "http://127.0.0.1:0", Data = data });
        await Console.Out.WriteLineAsync("ready");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        if (await _process.StandardOutput.ReadLineAsync(cancellationToken) != "ready")
        {
            throw new BenchException("The server did not start.");
        }
    }

    /// <summary>Bytes of memory that it holds, or has held at most; from Linux.</summary>
    public long Memory(bool most)
    {
        string field = most ? "VmHWM:" : "VmRSS:";
        string line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(40)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
