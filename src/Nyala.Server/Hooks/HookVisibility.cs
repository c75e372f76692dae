using Nyala.Server.Storage;

namespace Nyala.Server.Hooks;

/// <summary>Decides which hooks, and with them which deliveries, a request sees. The searches of the store apply the same rule in SQL.</summary>
internal static class HookVisibility
{
    /// <summary>Whether a hook is visible to a request.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="site">The site in the request's path. A site sees its own hooks; the root (null) sees every hook.</param>
    public static bool IsVisibleAt(HookRecord hook, string? site) => site is null || site.Equals(hook.Site, StringComparison.OrdinalIgnoreCase);
}
