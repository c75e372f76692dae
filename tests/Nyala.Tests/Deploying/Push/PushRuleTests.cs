using System.Text;
using CsCheck;
using Nyala.Server.Deploying.Push;
using Nyala.Server.Storage;

namespace Nyala.Tests.Deploying.Push;

public sealed class PushRuleTests
{
    private const string New = "2222222222222222222222222222222222222222";
    private const string Zero = "0000000000000000000000000000000000000000";

    [Theory]
    [InlineData("refs/heads/main", true)]
    [InlineData("refs/tags/v1", true)]
    [InlineData("refs/heads/refs/replace/x", true)]
    [InlineData("refs/replace/2222222222222222222222222222222222222222", false)]
    [InlineData("refs/notes/commits", false)]
    [InlineData("refs/nyala/deployed/x", false)]
    [InlineData("refs/remotes/origin/main", false)]
    [InlineData("refs/pull/1/head", false)]
    [InlineData("refs/stash", false)]
    [InlineData("refs/headsup/x", false)]
    [InlineData("refs/Heads/main", false)]
    public void Only_branches_and_tags_are_stored(string name, bool stored) => Assert.Equal(stored, PushRule.IsStored(name));

    [Fact]
    public void Up_to_20_refused_refs_are_named_and_the_rest_are_counted() => Gen.Int[0, 60].Sample(count =>
    {
        RefUpdate[] updates = [new(New, "refs/heads/main"), .. Enumerable.Range(0, count).Select(number => new RefUpdate(number % 2 == 0 ? New : Zero, $"refs/notes/{number}"))];

        string[] said = [.. PushRule.Refuse(updates)];

        Assert.Equal(Math.Min(count, 20), said.Count(line => line.Contains(" is refused: ", StringComparison.Ordinal)));
        Assert.Equal(count > 20, said.Contains($"{count - 20} more refs are refused for the same reason."));
        Assert.DoesNotContain(said, line => line.Contains("refs/heads/main", StringComparison.Ordinal));
    });

    [Fact]
    public void A_push_that_deletes_the_sites_branch_is_refused()
    {
        SiteRecord site = SiteRecord.New("shop", DateTimeOffset.UnixEpoch);

        Assert.NotNull(PushRule.RefuseRemoval([new(New, "refs/heads/x"), new(Zero, "refs/heads/main")], site));
        Assert.Null(PushRule.RefuseRemoval([new(Zero, "refs/heads/x"), new(New, "refs/heads/main"), new(Zero, "refs/tags/main")], site));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("gzip", true)]
    [InlineData("GZip", true)]
    [InlineData("x-gzip", true)]
    [InlineData("identity", true)]
    [InlineData(" Identity , gzip", true)]
    [InlineData("gzip, gzip", false)]
    [InlineData("deflate", false)]
    [InlineData("br", false)]
    [InlineData("utf-8", false)]
    public void Identity_and_a_single_gzip_are_the_only_accepted_content_codings(string header, bool taken) => Assert.Equal(taken, GitCoding.Refuse(header) is null);

    [Theory]
    [InlineData("report-status side-band-64k agent=git/2", "0017\u0002The disk is full.\n0050\u0001001dunpack The disk is full.\n002ang refs/heads/main nothing was stored\n00000000")]
    [InlineData("report-status", "001dunpack The disk is full.\n002ang refs/heads/main nothing was stored\n0000")]
    [InlineData("side-band-64k", "0017\u0002The disk is full.\n0000")]
    public void A_refused_push_gets_a_response_in_the_format_that_its_client_supports(string capabilities, string answer) => Assert.Equal(
        answer, Encoding.UTF8.GetString(PushRefusal.Of(new PushHeader([new(New, "refs/heads/main")], capabilities), "The disk is full.")));
}
