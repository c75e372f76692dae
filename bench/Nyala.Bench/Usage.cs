using System.Globalization;

namespace Nyala.Bench;

/// <summary>What this process has used so far: processor time by kind of thread, memory given out, collections.</summary>
internal sealed record Usage(IReadOnlyDictionary<string, double> Seconds, long Allocated, int Collections)
{
    public double Total => Seconds.Values.Sum();

    /// <summary>Reads it. The processor time of the threads comes from Linux; elsewhere there is only their sum.</summary>
    public static Usage Now()
    {
        var seconds = new Dictionary<string, double>();
        if (OperatingSystem.IsLinux())
        {
            foreach (string thread in Directory.EnumerateDirectories("/proc/self/task"))
            {
                try
                {
                    string kind = KindOf(File.ReadAllText(Path.Combine(thread, "comm")).Trim());
                    string ran = File.ReadAllText(Path.Combine(thread, "schedstat"));
                    seconds[kind] = seconds.GetValueOrDefault(kind) + (long.Parse(ran.AsSpan(0, ran.IndexOf(' ')), CultureInfo.InvariantCulture) / 1e9);
                }
                catch (IOException)
                {
                    // That thread has just ended.
                }
            }
        }
        else
        {
            seconds[Kinds.Other] = Environment.CpuUsage.TotalTime.TotalSeconds;
        }

        return new Usage(seconds, GC.GetTotalAllocatedBytes(), GC.CollectionCount(0));
    }

    public Usage Since(Usage before) => new(
        Seconds.ToDictionary(pair => pair.Key, pair => Math.Max(0, pair.Value - before.Seconds.GetValueOrDefault(pair.Key))),
        Allocated - before.Allocated,
        Collections - before.Collections);

    private static string KindOf(string name) => name switch
    {
        "nyala-writer" => Kinds.Writer,
        "nyala-reader" => Kinds.Readers,
        ".NET TP Worker" => Kinds.Pool,
        ".NET Sockets" => Kinds.Sockets,
        _ => Kinds.Other,
    };

    public static class Kinds
    {
        public const string Writer = "writer";
        public const string Readers = "readers";
        public const string Pool = "pool";
        public const string Sockets = "sockets";
        public const string Other = "other";

        public static IReadOnlyList<string> All { get; } = [Writer, Readers, Pool, Sockets, Other];
    }
}
