using Nyala.Server.Deploying.Git;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>How a fetch ended.</summary>
/// <param name="Commit">The commit, now in the site's repository; null if it failed.</param>
/// <param name="Reason">Why it failed, for a person; empty if it did not.</param>
internal readonly record struct Fetched(Commit? Commit, string Reason)
{
    public static Fetched Failed(string reason) => new(null, reason);
}
