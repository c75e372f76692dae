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
}
