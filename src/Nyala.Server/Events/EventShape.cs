using Nyala.Client;

namespace Nyala.Server.Events;

/// <summary>The facts that the events of a type can state.</summary>
/// <param name="Statuses">The statuses that the events can have.</param>
/// <param name="Changes">Whether the events state what changed.</param>
/// <param name="Origins">Whether the events state the branch and the author.</param>
internal sealed record EventShape(IReadOnlyList<DeploymentStatus> Statuses, bool Changes, bool Origins)
{
    private static readonly EventShape Anything = new(Enum.GetValues<DeploymentStatus>(), Changes: true, Origins: true);
    private static readonly EventShape Published = Anything with { Changes = false };
    private static readonly EventShape Ends = Anything with { Statuses = [DeploymentStatus.Failed, DeploymentStatus.Success] };
    private static readonly EventShape Starts = Published with { Statuses = [DeploymentStatus.Pending, DeploymentStatus.Building, DeploymentStatus.Deploying] };
    private static readonly EventShape Bare = new([], Changes: false, Origins: false);

    /// <summary>
    /// Returns the shape of the events that a hook of this type receives. A hook of <c>*</c> receives all events. Events of a type that publishers chose can
    /// state everything except a change.
    /// </summary>
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
