using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Push;

/// <summary>Decides which refs of a push are stored. Pure.</summary>
internal static class PushRule
{
    public const string Tags = "refs/tags/";

    /// <summary>The maximum number of refused refs that are named.</summary>
    private const int MaxNamed = 20;

    /// <summary>
    /// Whether clients may store a ref: only branches and tags. Some of the others have a meaning to git itself (<c>refs/replace/</c>, <c>refs/notes/</c>), and
    /// some belong to the server.
    /// </summary>
    public static bool IsStored(string name) => name.StartsWith(BranchName.Heads, StringComparison.Ordinal) || name.StartsWith(Tags, StringComparison.Ordinal);

    /// <summary>Returns the messages that refuse the refs that are never stored.</summary>
    public static IEnumerable<string> Refuse(IEnumerable<RefUpdate> updates)
    {
        string[] refused = [.. updates.Where(update => !IsStored(update.Ref)).Select(update => update.Ref)];
        foreach (string name in refused.Take(MaxNamed))
        {
            yield return $"{name} is refused: a site stores only branches (refs/heads/) and tags (refs/tags/).";
        }

        if (refused.Length > MaxNamed)
        {
            yield return $"{refused.Length - MaxNamed} more refs are refused for the same reason.";
        }

        if (refused.Length > 0)
        {
            yield return "Push branches and tags by name, or use --all or --tags instead of --mirror.";
        }
    }

    /// <summary>Returns why the site's branch is not removed; null if the push does not remove it.</summary>
    public static string? RefuseRemoval(IEnumerable<RefUpdate> updates, SiteRecord site) =>
        updates.Any(update => update.Deletes && update.Ref == BranchName.Heads + site.Branch)
            ? $"'{site.Branch}' is the branch that {site.Name} deploys. To remove it, choose another branch first: nyala sites set {site.Name} --branch NAME"
            : null;
}
