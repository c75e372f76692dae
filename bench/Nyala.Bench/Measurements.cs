namespace Nyala.Bench;

/// <summary>The names of the measurements.</summary>
internal static class Measurements
{
    public const string Bare = "bare";
    public const string One = "one";
    public const string Many = "many";
    public const string Sender = "sender";
    public const string Store = "store";
    public const string Latency = "latency";
    public const string Isolation = "isolation";
    public const string Idle = "idle";
    public const string Pending = "pending";
    public const string Past = "past";
    public const string Peers = "peers";
    public const string Push = "push";
    public const string Zip = "zip";
    public const string Search = "search";
    public const string Flood = "flood";
    public const string Fan = "fan";
    public const string Stop = "stop";
    public const string Front = "front";

    /// <summary>The measurements of every run.</summary>
    public static IReadOnlyList<string> Usual { get; } = [Bare, One, Many, Sender, Store, Latency];

    /// <summary>The measurements that take long or need other programs, and run only on request.</summary>
    public static IReadOnlyList<string> Long { get; } = [Isolation, Idle, Pending, Past, Search, Flood, Fan, Stop, Push, Zip, Peers, Front];
}
