using Nyala.Server.Storage;

namespace Nyala.Tests.Support;

/// <summary>Reads whole lists, for tests with few entries.</summary>
internal static class StoreExtensions
{
    private const int Most = 1000;

    public static IReadOnlyList<HookRecord> All(this IHookTable hooks, string? site = null) => hooks.List(site, Enum.GetValues<HookState>(), 0, Most).Entries;

    public static IReadOnlyList<LogRecord> Read(this ILogTable log, long run, long parent) => log.Read(run, parent, 0, Most);
}
