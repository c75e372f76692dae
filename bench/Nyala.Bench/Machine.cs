using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;

namespace Nyala.Bench;

/// <summary>Describes the machine that the figures were measured on.</summary>
internal static class Machine
{
    private static readonly TimeSpan SyncTime = TimeSpan.FromSeconds(1);

    /// <exception cref="BenchException">The folder is in memory, where nothing is durable.</exception>
    public static void Describe(TextWriter output, string folder)
    {
        string format = new DriveInfo(folder).DriveFormat;
        if (format is "tmpfs" or "ramfs")
        {
            throw new BenchException($"{folder} lies on {format}, in memory: name a folder on a disk with --data.");
        }

        string gc = (GCSettings.IsServerGC ? "server" : "workstation") + (GCSettings.LatencyMode == GCLatencyMode.Interactive ? ", concurrent" : "");
        output.WriteLine($"cores    {Environment.ProcessorCount} × {Processor()}");
        output.WriteLine($"system   {RuntimeInformation.OSDescription.Trim()}, kernel {Environment.OSVersion.Version}, load {Load()}");
        output.WriteLine($"runtime  {RuntimeInformation.FrameworkDescription}, {gc} GC");
        output.WriteLine($"pool     {SpinLimit.Describe()}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"disk     {format}, {SyncRate(folder):N0} synced writes of 4 KiB/s"));
    }

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown"
        : RuntimeInformation.ProcessArchitecture.ToString();

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static double SyncRate(string folder)
    {
        string path = Path.Combine(folder, "sync");
        byte[] page = new byte[4096];
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        int writes = 0;
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < SyncTime)
        {
            file.Write(page);
            file.Flush(flushToDisk: true);
            writes++;
        }

        return writes / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
