using Nyala.Client;

namespace Nyala.Server.Events;

/// <summary>Finds filters that no event can match, because a hook that never receives an event is a mistake. Pure.</summary>
internal static class FilterRule
{
    /// <summary>Returns why no event of the hook can match the filter; null if an event can.</summary>
    /// <param name="filter">A well-formed filter.</param>
    /// <param name="type">The hook's event type.</param>
    /// <param name="site">The only site whose events the hook receives; null for every site.</param>
    /// <param name="path">How errors name the filter: <c>filter</c>, or <c>filter[1]</c> in a list.</param>
    public static string? Never(HookFilter filter, string type, string? site, string path)
    {
        EventShape shape = EventShape.Of(type);
        return NeverOfSite(filter, site, path) ?? NeverOfType(filter, type, shape, path) ?? NeverTogether(filter, shape, path);
    }

    private static string? NeverOfSite(HookFilter filter, string? site, string path) =>
        site is null || filter.Site is null || filter.Site.Any(text => new Pattern(text, StringComparison.OrdinalIgnoreCase).Matches(site))
            ? null
            : $"'{path}.site' never matches: the hook receives only events of the site '{site}', and no value matches that name. Leave it out, or subscribe at the root.";

    private static string? NeverOfType(HookFilter filter, string type, EventShape shape, string path)
    {
        if (filter.Change is not null && !shape.Changes)
        {
            return $"'{path}.change' never matches: only the {EventTypes.PostDeployment} events that the server raises have a change, and the hook receives '{type}'.";
        }

        if (filter.Status is not null && !Statuses(filter).Intersect(shape.Statuses).Any())
        {
            return shape.Statuses.Count == 0
                ? $"'{path}.status' never matches: '{type}' events have no status."
                : $"'{path}.status' never matches: '{type}' events have the status {Words(shape.Statuses)}.";
        }

        return shape.Origins || (filter.Branch is null && filter.Author is null)
            ? null
            : $"'{path}.{(filter.Branch is null ? "author" : "branch")}' never matches: '{type}' events have neither branch nor author.";
    }

    private static string? NeverTogether(HookFilter filter, EventShape shape, string path)
    {
        if (filter.Change is not { } changes || filter.Status is null)
        {
            return null;
        }

        HashSet<DeploymentStatus> needed = [.. changes.Select(word => FilterValues.Change(word) == StatusChange.Fixed ? DeploymentStatus.Success : DeploymentStatus.Failed)];
        return Statuses(filter).Intersect(shape.Statuses).Any(needed.Contains)
            ? null
            : $"'{path}' never matches: the change {string.Join(" or ", changes)} occurs only with the status {Words([.. needed])}. Leave out 'status', because 'change' already implies it.";
    }

    private static IEnumerable<DeploymentStatus> Statuses(HookFilter filter) => filter.Status!.Select(word => FilterValues.Status(word)!.Value);

    private static string Words(IReadOnlyList<DeploymentStatus> statuses) =>
        string.Join(" or ", FilterValues.Statuses.Where(item => statuses.Contains(item.Status)).Select(item => item.Word));
}
