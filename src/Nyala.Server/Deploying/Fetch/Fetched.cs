using Nyala.Server.Deploying.Git;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>How a fetch ended.</summary>
/// <param name="Commit">The commit, which is now in the site's repository; null if the fetch failed.</param>
/// <param name="Reason">Why the fetch failed, for people; empty if it succeeded.</param>
internal readonly record struct Fetched(Commit? Commit, string Reason)
{
    public static Fetched Failed(string reason) => new(null, reason);
}
