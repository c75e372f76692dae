using System.Diagnostics;
using System.Globalization;
using Nyala.Server;

namespace Nyala.Bench;

/// <summary>A server in a separate process on an existing data folder, so that its memory can be measured separately and it starts cold.</summary>
internal sealed class ColdProcess : IDisposable
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(40);

    private readonly ChildProcess _process;

    private ColdProcess(ChildProcess process) => _process = process;

    public bool HasExited => _process.HasExited;

    /// <summary>The processor time used so far.</summary>
    public TimeSpan Processor => _process.Processor;

    /// <summary>Starts a server without waiting until it is ready.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="token">The admin token; null if none is needed.</param>
    public static ColdProcess Start(string data, string? token = null) =>
        new(new ChildProcess(ChildProcess.ThisProgram("serve", data, token ?? ""), grace: StopTime));

    /// <summary>Starts the <c>nyala</c> executable without waiting until it is ready.</summary>
    /// <param name="token">The admin token, at least 16 characters.</param>
    public static ColdProcess StartPackaged(string executable, string data, string token)
    {
        // Its working folder has no configuration file, and the user's own state is not touched.
        string folder = Path.GetDirectoryName(data)!;
        var start = new ProcessStartInfo(executable, ["serve", "--data", data, "--urls", "http://127.0.0.1:0"]) { WorkingDirectory = folder };
        start.Environment["NYALA_ADMIN_TOKEN"] = token;
        start.Environment["XDG_STATE_HOME"] = folder;
        return new ColdProcess(new ChildProcess(start, signal: "TERM", StopTime));
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
    public Task<Uri> ReadyAsync(CancellationToken cancellationToken) => _process.ReadAddressAsync(cancellationToken);

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
    public void Dispose() => _process.Dispose();
}
