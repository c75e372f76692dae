using Nyala.Client;

namespace Nyala.Server.Events;

/// <summary>The words that a filter accepts for a status or a change.</summary>
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

    /// <summary>Returns the status that a word names; null if the word is unknown.</summary>
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

    /// <summary>Returns the change that a word names; null if the word is unknown.</summary>
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

    /// <summary>Returns the word for a change; null for none.</summary>
    public static string? Word(StatusChange? change)
    {
        foreach ((string word, StatusChange known) in Changes)
        {
            if (known == change)
            {
                return word;
            }
        }

        return null;
    }
}
