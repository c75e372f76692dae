namespace Nyala.Server.Deploying.Fetch;

/// <summary>
/// Decides what a push leads to, once it is known which commit its branch is at in the other repository. Hooks arrive in any order and more than once, so what
/// counts is where the branch is, not which push was reported last. Pure.
/// </summary>
internal static class BranchRule
{
    public static BranchVerdict Judge(BranchFacts facts)
    {
        // A branch that was moved back no longer contains its earlier tip. If the branch is behind the site without having been moved back, the site was
        // deployed from somewhere else.
        bool movedBack = facts.Before is not null && !facts.TipContainsBefore;
        bool behindSite = facts.Live is not null && facts.Live != facts.Tip && facts.LiveContainsTip && !facts.LiveWasTip && !movedBack;
        if (facts.Pushed == facts.Tip)
        {
            return behindSite ? BranchVerdict.Superseded(facts.Live!, deploysTip: false) : BranchVerdict.Deploys;
        }

        bool known = facts.Before == facts.Tip && facts.TipRun is TipRun.Unfinished or TipRun.Succeeded;
        bool done = behindSite || known || facts.Live == facts.Tip;
        return BranchVerdict.Superseded(behindSite ? facts.Live! : facts.Tip, deploysTip: !done);
    }
}

/// <summary>What is known about a branch and about what its site runs.</summary>
internal sealed record BranchFacts
{
    /// <summary>The commit that was pushed.</summary>
    public required string Pushed { get; init; }

    /// <summary>The commit that the branch is at now.</summary>
    public required string Tip { get; init; }

    /// <summary>The commit that the branch was at when it was last fetched; null before the first fetch.</summary>
    public string? Before { get; init; }

    /// <summary>Whether <see cref="Tip"/> is <see cref="Before"/> or descends from it.</summary>
    public bool TipContainsBefore { get; init; }

    /// <summary>The commit of this branch that the site runs; null if it runs none.</summary>
    public string? Live { get; init; }

    /// <summary>Whether <see cref="Live"/> is <see cref="Tip"/> or descends from it.</summary>
    public bool LiveContainsTip { get; init; }

    /// <summary>Whether the branch was ever at <see cref="Live"/>. If not, that commit was pushed to this server, or requested by its id.</summary>
    public bool LiveWasTip { get; init; }

    /// <summary>The state of the newest run of <see cref="Tip"/>.</summary>
    public TipRun TipRun { get; init; }
}

/// <summary>The state of the newest run of a commit at a site.</summary>
internal enum TipRun
{
    /// <summary>This server never deployed the commit.</summary>
    None,
    Unfinished,
    Succeeded,
    Failed,
}

/// <summary>What a push leads to.</summary>
/// <param name="By">The commit that supersedes the pushed commit; null if the pushed commit is deployed.</param>
/// <param name="DeploysTip">
/// Whether the branch's tip is to be deployed. If not, it was deployed, is being deployed, or is older than what the site runs.
/// </param>
internal readonly record struct BranchVerdict(string? By, bool DeploysTip)
{
    /// <summary>The pushed commit is deployed.</summary>
    public static BranchVerdict Deploys => new(null, DeploysTip: true);

    public static BranchVerdict Superseded(string by, bool deploysTip) => new(by, deploysTip);
}
