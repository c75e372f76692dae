using System.Buffers;
using System.Text;
using CsCheck;
using Nyala.Client;
using Nyala.Server.Deploying;
using Nyala.Server.Deploying.Push;
using Nyala.Server.Deploying.Releases;
using Nyala.Server.Processes;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying;

/// <summary>The pure decisions of Deploying.</summary>
public sealed class DeployingRuleTests
{
    private const string Zero = "0000000000000000000000000000000000000000";
    private const string Old = "1111111111111111111111111111111111111111";
    private const string New = "2222222222222222222222222222222222222222";

    [Fact]
    public void The_ref_updates_of_a_push_are_read_once_its_flush_packet_has_arrived()
    {
        byte[] push = [.. Line($"{Old} {New} refs/heads/main\0 report-status side-band-64k"), .. Line($"{Zero} {New} refs/heads/b"), .. Line($"{Old} {Zero} refs/tags/v1\n"), .. "0000PACK…"u8];
        for (int length = 0; length < push.Length; length++)
        {
            PushHeader? opening = PushCommands.Read(new ReadOnlySequence<byte>(push.AsMemory(0, length)), complete: false);
            bool whole = length >= push.Length - "PACK…"u8.Length;

            Assert.Equal(whole, opening is not null);
            if (whole)
            {
                Assert.Equal([new(New, "refs/heads/main"), new(New, "refs/heads/b"), new(Zero, "refs/tags/v1")], opening!.Updates);
                Assert.Equal((true, false, false), (opening.Can("side-band-64k"), opening.Can("side-band"), opening.OnlyRemoves));
            }
        }
    }

    [Fact]
    public void The_ref_updates_of_a_push_are_read_from_any_bytes_without_an_exception() => Gen.Byte.Array[0, 200]
        .Sample(bytes => Assert.NotNull(PushCommands.Read(new ReadOnlySequence<byte>(bytes), complete: true)), iter: Fuzz.Cases);

    [Theory]
    [InlineData("refs/heads/main", New, "main", true)]
    [InlineData("refs/heads/main", Zero, "main", false)]
    [InlineData("refs/heads/mainly", New, "main", false)]
    [InlineData("refs/heads/x/main", New, "main", false)]
    [InlineData("refs/heads/x/main", New, "x/main", true)]
    [InlineData("refs/tags/main", New, "main", false)]
    public void A_ref_update_moves_a_branch_if_it_names_exactly_that_branch_and_a_commit(string name, string to, string branch, bool moves) => Assert.Equal(moves, RefUpdate.Read($"{Old} {to} {name}")!.Moves(branch));

    [Theory]
    [InlineData("")]
    [InlineData("end")]
    [InlineData(Old + " " + New)]
    [InlineData(Old + " " + New + " main")]
    [InlineData(Old + " 22 refs/heads/main")]
    [InlineData(Old + " " + New + " refs/heads/a b")]
    [InlineData(Old + " 222222222222222222222222222222222222222G refs/heads/main")]
    public void A_malformed_ref_update_is_read_as_null(string line) => Assert.Null(RefUpdate.Read(line));

    [Fact]
    public void A_rollback_returns_to_the_deployment_before_the_current_one_for_any_history() => Gen.Int[0, 4].Array[0, 12].Sample(history =>
    {
        // The same deployment may run many times; the newest run comes first.
        RunRecord[] newestFirst = [.. history.Select((deployment, at) => Run(at, $"{deployment}")).Reverse()];

        RunRecord? target = RollbackRule.Judge(newestFirst);

        if (newestFirst is not [RunRecord now, ..])
        {
            Assert.Null(target);
            return;
        }

        int first = Array.IndexOf(history, int.Parse(now.Deployment, null));
        Assert.Equal(first == 0 ? null : $"{history[first - 1]}", target?.Deployment);
    });

    [Fact]
    public void A_purge_removes_exactly_the_names_that_are_not_kept() => Gen.Select(Gen.Int[0, 9].Array[0, 9], Gen.Int[0, 9].Array[0, 9]).Sample((found, kept) =>
    {
        string[] gone = [.. PurgeRule.Judge(found.Select(name => $"{name}"), kept.Select(name => $"{name}"))];

        Assert.Empty(gone.Intersect(kept.Select(name => $"{name}")));
        Assert.Equal(found.Except(kept).Order().Select(name => $"{name}"), gone.Order());
    });

    [Fact]
    public async Task The_site_gate_admits_one_at_a_time_and_ReleasedAsync_completes_when_it_leaves()
    {
        var gate = new SiteGate();
        using SiteGate.Pass one = gate.TryEnter("shop")!;

        Assert.Null(gate.TryEnter("SHOP"));
        using SiteGate.Pass? other = gate.TryEnter("other");
        Assert.NotNull(other);
        Task left = gate.ReleasedAsync("Shop");
        Assert.False(left.IsCompleted);

        one.Dispose();
        await left.InTimeAsync();
        using SiteGate.Pass? two = gate.TryEnter("shop");
        Assert.NotNull(two);

        // Disposing a pass again does not release the pass of another deployment.
        one.Dispose();
        Assert.Null(gate.TryEnter("shop"));
    }

    [Theory]
    [InlineData("PATH", true)]
    [InlineData("HOME", true)]
    [InlineData("LC_ALL", true)]
    [InlineData("NYALA_ADMIN_TOKEN", false)]
    [InlineData("NYALA_PUSH", false)]
    [InlineData("AWS_SECRET_ACCESS_KEY", false)]
    [InlineData("GIT_DIR", false)]
    [InlineData("LD_PRELOAD", false)]
    [InlineData("https_proxy", false)]
    public void Only_listed_variables_of_the_server_are_passed_to_its_child_processes(string name, bool passed) => Assert.Equal(passed, CleanEnvironment.IsPassed(name));

    private static RunRecord Run(int at, string deployment) => new()
    {
        Id = at,
        Site = "shop",
        Deployment = deployment,
        Number = at + 1,
        Status = DeploymentStatus.Success,
        Performed = true,
    };

    private static byte[] Line(string text) => Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetByteCount(text) + 4:x4}{text}");
}
