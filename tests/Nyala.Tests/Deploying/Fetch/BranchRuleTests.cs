using CsCheck;
using Nyala.Server.Deploying.Fetch;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Fetch;

/// <summary>What a push leads to, for any order in which pushes are reported.</summary>
public sealed class BranchRuleTests
{
    private static readonly BranchFacts Facts = new() { Pushed = "b", Tip = "b" };

    [Fact]
    public void The_commit_that_the_branch_is_at_is_deployed() => Assert.Equal(BranchVerdict.Deploys, BranchRule.Judge(Facts));

    [Fact]
    public void A_branch_that_was_moved_back_is_deployed() => Assert.Equal(
        BranchVerdict.Deploys, BranchRule.Judge(Facts with { Before = "c", BeforeIsInTip = false, Live = "c", TipIsInLive = true }));

    [Fact]
    public void A_branch_that_was_moved_back_is_deployed_again_after_that_has_failed() => Assert.Equal(
        BranchVerdict.Deploys,
        BranchRule.Judge(Facts with { Before = "b", BeforeIsInTip = true, Live = "c", TipIsInLive = true, LiveWasTip = true, TipRun = TipRun.Failed }));

    [Fact]
    public void A_branch_behind_what_was_pushed_to_the_site_itself_is_not() => Assert.Equal(
        BranchVerdict.Superseded("c", deploysTip: false), BranchRule.Judge(Facts with { Before = "a", BeforeIsInTip = true, Live = "c", TipIsInLive = true }));

    [Fact]
    public void The_tip_is_deployed_in_place_of_a_commit_that_it_contains() =>
        Assert.Equal(BranchVerdict.Superseded("b", deploysTip: true), BranchRule.Judge(Facts with { Pushed = "a" }));

    [Fact]
    public void A_late_report_does_not_undo_a_rollback() => Assert.Equal(
        BranchVerdict.Superseded("b", deploysTip: false),
        BranchRule.Judge(Facts with { Pushed = "a", Before = "b", BeforeIsInTip = true, Live = "z", TipRun = TipRun.Succeeded }));

    [Fact]
    public void A_tip_whose_deployment_failed_is_deployed_again() => Assert.Equal(
        BranchVerdict.Superseded("b", deploysTip: true),
        BranchRule.Judge(Facts with { Pushed = "a", Before = "b", BeforeIsInTip = true, Live = "z", TipRun = TipRun.Failed }));

    /// <summary>
    /// A branch is moved on, and with force to any commit, while reports of the moves come in any order, late and more than once; in between somebody rolls the site back. When every
    /// move has been reported the site runs what the branch is at, unless it was rolled back from just that.
    /// </summary>
    [Fact]
    public void Whatever_the_order_of_the_reports_the_site_ends_at_the_tip() => Gen.Select(Gen.Int[0, 5], Gen.Int[0, 99]).Array[1, 24].Sample(
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

    /// <summary>A repository elsewhere and a site, as far as the rule is concerned. A commit is a number; each but the first has a parent.</summary>
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

        /// <summary>What the site ran when it was rolled back, if nothing was deployed since.</summary>
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
                BeforeIsInTip = _before is { } then && Contains(Tip, then),
                Live = Live is { } live ? Name(live) : null,
                TipIsInLive = Live is { } now && Contains(now, Tip),
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
