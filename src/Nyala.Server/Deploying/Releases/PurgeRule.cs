namespace Nyala.Server.Deploying.Releases;

/// <summary>Decides which releases and packages of a site go. Pure.</summary>
internal static class PurgeRule
{
    /// <param name="found">The names that are there.</param>
    /// <param name="kept">The names of what is kept: the newest releases, what the site runs, and what is in the making.</param>
    public static IEnumerable<string> Judge(IEnumerable<string> found, IEnumerable<string?> kept) => found.Except(kept.OfType<string>(), StringComparer.Ordinal);
}
