namespace Nyala.Server.Deploying.Fetch;

/// <summary>
/// Decides what a push leads to, once it is known where its branch is at the repository. Hooks arrive in any order and more than once: what counts is where the
/// branch is, not which push was heard of last. Pure.
/// </summary>
internal static class BranchRule
{
    public static BranchVerdict Judge(BranchFacts facts)
    {
        // A branch that was moved back no longer contains its earlier tip. Otherwise it is behind a site which was deployed from somewhere else.
        bool movedBack = facts.Before is not null && !facts.BeforeIsInTip;
        bool behindSite = facts.Live is not null && facts.Live != facts.Tip && facts.TipIsInLive && !facts.LiveWasTip && !movedBack;
        if (facts.Pushed == facts.Tip)
        {
            return behindSite ? BranchVerdict.Superseded(facts.Live!, deploysTip: false) : BranchVerdict.Deploys;
        }

        bool known = facts.Before == facts.Tip && facts.TipRun is TipRun.Unfinished or TipRun.Succeeded;
        bool done = behindSite || known || facts.Live == facts.Tip;
        return BranchVerdict.Superseded(behindSite ? facts.Live! : facts.Tip, deploysTip: !done);
    }
}

/// <summary>What is known of a branch and of what its site runs.</summary>
internal sealed record BranchFacts
{
    /// <summary>The commit that was pushed.</summary>
    public required string Pushed { get; init; }

    /// <summary>The commit that the branch is at.</summary>
    public required string Tip { get; init; }

    /// <summary>Where the branch was when it was fetched last; null before the first time.</summary>
    public string? Before { get; init; }

    /// <summary>Whether <see cref="Tip"/> is <see cref="Before"/> or descends from it.</summary>
    public bool BeforeIsInTip { get; init; }

    /// <summary>The commit of this branch that the site runs; null if it runs none.</summary>
    public string? Live { get; init; }

    /// <summary>Whether <see cref="Live"/> is <see cref="Tip"/> or descends from it.</summary>
    public bool TipIsInLive { get; init; }

    /// <summary>Whether the branch was ever at <see cref="Live"/>: else that was pushed to this server, or asked for by its id.</summary>
    public bool LiveWasTip { get; init; }

    /// <summary>How the newest run of <see cref="Tip"/> fares.</summary>
    public TipRun TipRun { get; init; }
}

/// <summary>How the newest run of a commit fares at a site.</summary>
internal enum TipRun
{
    /// <summary>It was never deployed here.</summary>
    None,
    Unfinished,
    Succeeded,
    Failed,
}

/// <summary>What a push leads to.</summary>
/// <param name="By">What supersedes the pushed commit; null if the pushed commit is deployed.</param>
/// <param name="DeploysTip">Whether the branch's tip is deployed in its place: else that has happened, or is on its way.</param>
internal readonly record struct BranchVerdict(string? By, bool DeploysTip)
{
    /// <summary>The pushed commit is deployed.</summary>
    public static BranchVerdict Deploys => new(null, DeploysTip: true);

    public static BranchVerdict Superseded(string by, bool deploysTip) => new(by, deploysTip);
}
