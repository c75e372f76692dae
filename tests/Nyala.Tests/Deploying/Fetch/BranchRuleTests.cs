using CsCheck;
using Nyala.Server.Deploying.Fetch;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Fetch;

/// <summary>The effect of a push, for any order in which pushes are reported.</summary>
public sealed class BranchRuleTests
{
    private static readonly BranchFacts Facts = new() { Pushed = "b", Tip = "b" };

    [Fact]
    public void A_push_of_the_tip_is_deployed() => Assert.Equal(BranchVerdict.Deploys, BranchRule.Judge(Facts));

    [Fact]
    public void A_branch_that_was_moved_back_is_deployed() => Assert.Equal(
        BranchVerdict.Deploys, BranchRule.Judge(Facts with { Before = "c", TipContainsBefore = false, Live = "c", LiveContainsTip = true }));

    [Fact]
    public void A_branch_that_was_moved_back_is_deployed_again_if_that_deployment_failed() => Assert.Equal(
        BranchVerdict.Deploys,
        BranchRule.Judge(Facts with { Before = "b", TipContainsBefore = true, Live = "c", LiveContainsTip = true, LiveWasTip = true, TipRun = TipRun.Failed }));

    [Fact]
    public void A_push_is_superseded_if_the_site_runs_a_newer_commit_from_elsewhere() => Assert.Equal(
        BranchVerdict.Superseded("c", deploysTip: false), BranchRule.Judge(Facts with { Before = "a", TipContainsBefore = true, Live = "c", LiveContainsTip = true }));

    [Fact]
    public void A_push_of_a_commit_that_is_not_the_tip_is_superseded_and_deploys_the_tip() =>
        Assert.Equal(BranchVerdict.Superseded("b", deploysTip: true), BranchRule.Judge(Facts with { Pushed = "a" }));

    [Fact]
    public void A_late_report_does_not_undo_a_rollback() => Assert.Equal(
        BranchVerdict.Superseded("b", deploysTip: false),
        BranchRule.Judge(Facts with { Pushed = "a", Before = "b", TipContainsBefore = true, Live = "z", TipRun = TipRun.Succeeded }));

    [Fact]
    public void A_late_report_deploys_the_tip_again_if_the_deployment_of_the_tip_failed() => Assert.Equal(
        BranchVerdict.Superseded("b", deploysTip: true),
        BranchRule.Judge(Facts with { Pushed = "a", Before = "b", TipContainsBefore = true, Live = "z", TipRun = TipRun.Failed }));

    /// <summary>
    /// Pushes and forced pushes move a branch. They are reported late, in any order and more than once, and the site is rolled back in between.
    /// Once every push has been reported, the site runs the tip, unless it was rolled back from the tip.
    /// </summary>
    [Fact]
    public void The_site_ends_at_the_tip_whatever_the_order_of_the_reports() => Gen.Select(Gen.Int[0, 5], Gen.Int[0, 99]).Array[1, 24].Sample(
        steps =>
        {
            var world = new World();
            foreach ((int kind, int number) in steps)
            {
                switch (kind)
                {
                    case 0 or 1:
                        world.Push(number, forced: kind == 1);
                        break;
                    case 2:
                        world.RollBack(number);
                        break;
                    default:
                        world.Report(number);
                        break;
                }
            }

            world.ReportAll();
            return world.Live == world.Tip || world.RolledBackFrom == world.Tip;
        },
        iter: Fuzz.Cases);

    /// <summary>A model of another repository and of a site. A commit is a number, and every commit except the first has a parent.</summary>
    private sealed class World
    {
        private readonly List<int> _parents = [-1];
        private readonly List<int> _reports = [0];
        private readonly HashSet<int> _unheard = [0];
        private readonly Dictionary<int, TipRun> _runs = [];
        private readonly HashSet<int> _tips = [];
        private int? _before;

        public int Tip { get; private set; }

        public int? Live { get; private set; }

        /// <summary>The commit that the site ran before it was rolled back; null if it runs the tip again.</summary>
        public int? RolledBackFrom { get; private set; }

        public void Push(int number, bool forced)
        {
            if (forced)
            {
                Tip = number % _parents.Count;
            }
            else
            {
                _parents.Add(Tip);
                Tip = _parents.Count - 1;
            }

            _reports.Add(Tip);
            _unheard.Add(_reports.Count - 1);
        }

        public void RollBack(int number)
        {
            int[] others = [.. _runs.Keys.Where(commit => commit != Live && _runs[commit] == TipRun.Succeeded)];
            if (Live is not null && others.Length > 0)
            {
                RolledBackFrom ??= Live;
                Live = others[number % others.Length];
            }
        }

        public void Report(int number)
        {
            int index = number % _reports.Count;
            _unheard.Remove(index);
            Hear(_reports[index]);
        }

        public void ReportAll()
        {
            foreach (int index in _unheard.ToArray())
            {
                Report(index);
            }
        }

        private void Hear(int pushed)
        {
            if (_before == pushed && _runs.GetValueOrDefault(pushed) == TipRun.Succeeded)
            {
                return;
            }

            BranchVerdict verdict = BranchRule.Judge(new BranchFacts
            {
                Pushed = Name(pushed),
                Tip = Name(Tip),
                Before = _before is { } before ? Name(before) : null,
                TipContainsBefore = _before is { } then && Contains(Tip, then),
                Live = Live is { } live ? Name(live) : null,
                LiveContainsTip = Live is { } now && Contains(now, Tip),
                LiveWasTip = Live is { } running && _tips.Contains(running),
                TipRun = _runs.GetValueOrDefault(Tip),
            });
            _before = Tip;
            _tips.Add(Tip);
            if (verdict.DeploysTip)
            {
                Live = Tip;
                _runs[Tip] = TipRun.Succeeded;
            }

            RolledBackFrom = Live == Tip ? null : RolledBackFrom;
        }

        private bool Contains(int commit, int ancestor)
        {
            while (commit > ancestor)
            {
                commit = _parents[commit];
            }

            return commit == ancestor;
        }

        private static string Name(int commit) => commit.ToString(null as IFormatProvider);
    }
}
