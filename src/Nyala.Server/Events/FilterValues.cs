using Nyala.Client;

namespace Nyala.Server.Events;

/// <summary>The words of a filter whose values are not free.</summary>
internal static class FilterValues
{
    public static readonly IReadOnlyList<(string Word, DeploymentStatus Status)> Statuses =
    [
        ("pending", DeploymentStatus.Pending),
        ("building", DeploymentStatus.Building),
        ("deploying", DeploymentStatus.Deploying),
        ("failed", DeploymentStatus.Failed),
        ("success", DeploymentStatus.Success),
    ];

    public static readonly IReadOnlyList<(string Word, StatusChange Change)> Changes =
    [
        ("broke", StatusChange.Broke),
        ("fixed", StatusChange.Fixed),
        ("still_failing", StatusChange.StillFailing),
    ];

    /// <summary>The status that a word names; null if it names none.</summary>
    public static DeploymentStatus? Status(string? word)
    {
        foreach ((string known, DeploymentStatus status) in Statuses)
        {
            if (known.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return status;
            }
        }

        return null;
    }

    /// <summary>The change that a word names; null if it names none.</summary>
    public static StatusChange? Change(string? word)
    {
        foreach ((string known, StatusChange change) in Changes)
        {
            if (known.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return change;
            }
        }

        return null;
    }
}
