using System.Globalization;

namespace Nyala.Bench;

/// <summary>The resources that this process has used so far: the processor time of each kind of thread, and the allocated memory.</summary>
/// <param name="Seconds">The processor time of each kind of thread, in seconds. The kinds do not overlap.</param>
internal sealed record Usage(IReadOnlyDictionary<string, double> Seconds, long Allocated)
{
    public double Total => Seconds.Values.Sum();

    /// <summary>Reads the current usage. The processor time of single threads is available only on Linux. Other systems report only the total.</summary>
    public static Usage Now()
    {
        var seconds = new Dictionary<string, double>();
        if (OperatingSystem.IsLinux())
        {
            foreach (string thread in Directory.EnumerateDirectories("/proc/self/task"))
            {
                try
                {
                    if (KindOf(File.ReadAllText(Path.Combine(thread, "comm")).Trim()) is { } kind)
                    {
                        string ran = File.ReadAllText(Path.Combine(thread, "schedstat"));
                        seconds[kind] = seconds.GetValueOrDefault(kind) + (long.Parse(ran.AsSpan(0, ran.IndexOf(' ')), CultureInfo.InvariantCulture) / 1e9);
                    }
                }
                catch (IOException)
                {
                    // The thread has ended.
                }
            }
        }

        // The pool gets the remainder, because its threads come and go, and the time of an ended thread is only in the total.
        seconds[Kinds.Pool] = Environment.CpuUsage.TotalTime.TotalSeconds - seconds.Values.Sum();
        return new Usage(seconds, GC.GetTotalAllocatedBytes());
    }

    public Usage Since(Usage before) => new(
        Seconds.ToDictionary(pair => pair.Key, pair => Math.Max(0, pair.Value - before.Seconds.GetValueOrDefault(pair.Key))),
        Allocated - before.Allocated);

    private static string? KindOf(string name) => name switch
    {
        "nyala-writer" => Kinds.Writer,
        "nyala-reader" => Kinds.Readers,
        ".NET Sockets" => Kinds.Sockets,
        ".NET Tiered Com" => Kinds.Compiler,
        ".NET BGC" => Kinds.Collector,
        _ => null,
    };

    public static class Kinds
    {
        public const string Writer = "writer";
        public const string Readers = "readers";
        public const string Sockets = "sockets";
        public const string Compiler = "compiler";
        public const string Collector = "collector";
        public const string Pool = "pool+rest";

        public static IReadOnlyList<string> All { get; } = [Writer, Readers, Pool, Sockets, Compiler, Collector];
    }
}
