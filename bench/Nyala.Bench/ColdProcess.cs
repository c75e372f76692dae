using System.Diagnostics;
using System.Globalization;
using Nyala.Server;

namespace Nyala.Bench;

/// <summary>A server in a separate process on an existing data folder, so that its memory can be measured separately and it starts cold.</summary>
internal sealed class ColdProcess : IDisposable
{
    private readonly Process _process;
    private readonly bool _packaged;
    private bool _ended;

    private ColdProcess(Process process, bool packaged = false) => (_process, _packaged) = (process, packaged);

    /// <summary>The processor time used so far.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a server without waiting until it is ready.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="token">The admin token; null if none is needed.</param>
    public static ColdProcess Start(string data, string? token = null) => new(
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["serve", data, token ?? ""]) { RedirectStandardInput = true, RedirectStandardOutput = true })
        ?? throw new BenchException("The server did not start."));

    /// <summary>Starts the <c>nyala</c> executable without waiting until it is ready.</summary>
    /// <param name="token">The admin token, at least 16 characters.</param>
    public static ColdProcess StartPackaged(string executable, string data, string token)
    {
        // Its working folder has no configuration file, and the user's own state is not touched.
        string folder = Path.GetDirectoryName(data)!;
        var start = new ProcessStartInfo(executable, ["serve", "--data", data, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        start.Environment["NYALA_ADMIN_TOKEN"] = token;
        start.Environment["XDG_STATE_HOME"] = folder;
        return new ColdProcess(Process.Start(start) ?? throw new BenchException($"{executable} did not start."), packaged: true);
    }

    /// <summary>Runs the server in the other process until its input ends.</summary>
    public static async Task<int> ServeAsync(string data, string token)
    {
        await using NyalaServer server = await NyalaServer.StartAsync(new NyalaOptions { Urls = "http://127.0.0.1:0", Data = data }, token.Length > 0 ? token : null);
        await Console.Out.WriteLineAsync($"ready {server.Address}");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <returns>The address of the server.</returns>
    public async Task<Uri> ReadyAsync(CancellationToken cancellationToken) =>
        await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line && line.StartsWith(_packaged ? "Nyala listens on " : "ready ", StringComparison.Ordinal)
            ? new Uri(line.Split(' ')[^1])
            : throw new BenchException("The server did not start.");

    /// <summary>Returns the resident memory in bytes, or its peak. Works only on Linux.</summary>
    public long Memory(bool most) => Status(most ? "VmHWM:" : "VmRSS:");

    /// <summary>
    /// Returns how many bytes of the memory are file pages, mostly those of the runtime. Processes share these pages, and the system reclaims them when it
    /// needs memory.
    /// </summary>
    public long FilePages() => Status("RssFile:");

    private long Status(string field)
    {
        string line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Stops the server, and waits until it has exited.</summary>
    public void Dispose()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        _process.StandardInput.Close();
        if (_packaged && !_process.HasExited)
        {
            using var stop = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            stop.WaitForExit();
        }

        if (!_process.WaitForExit(TimeSpan.FromSeconds(40)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
