namespace Nyala.Server.Deploying.Releases;

/// <summary>Decides which releases and packages of a site are removed. Pure.</summary>
internal static class PurgeRule
{
    /// <param name="found">The names that exist.</param>
    /// <param name="kept">The names to keep: those of the newest releases and of the one that the site runs, or of their packages.</param>
    public static IEnumerable<string> Judge(IEnumerable<string> found, IEnumerable<string?> kept) => found.Except(kept.OfType<string>(), StringComparer.Ordinal);
}
