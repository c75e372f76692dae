using Nyala.Client;

namespace Nyala.Server.Events;

/// <summary>What the events of a type can tell a filter.</summary>
/// <param name="Statuses">The statuses that they may have.</param>
/// <param name="Changes">Whether they tell what changed.</param>
/// <param name="Origins">Whether they tell branch and author.</param>
internal sealed record EventShape(IReadOnlyList<DeploymentStatus> Statuses, bool Changes, bool Origins)
{
    private static readonly EventShape Anything = new(Enum.GetValues<DeploymentStatus>(), Changes: true, Origins: true);
    private static readonly EventShape Published = Anything with { Changes = false };
    private static readonly EventShape Ends = Anything with { Statuses = [DeploymentStatus.Failed, DeploymentStatus.Success] };
    private static readonly EventShape Starts = Published with { Statuses = [DeploymentStatus.Pending, DeploymentStatus.Building, DeploymentStatus.Deploying] };
    private static readonly EventShape Bare = new([], Changes: false, Origins: false);

    /// <summary>The shape of what a hook of this type hears; of <c>*</c>, all that there is. A type of people's own has whatever its bodies tell.</summary>
    public static EventShape Of(string type)
    {
        return type == EventTypes.Any ? Anything
            : Is(EventTypes.PostDeployment) ? Ends
            : Is(EventTypes.DeploymentStarted) ? Starts
            : Is(EventTypes.HookDisabled) || Is(EventTypes.TokenExpiring) ? Bare
            : Published;

        bool Is(string known) => known.Equals(type, StringComparison.OrdinalIgnoreCase);
    }
}
