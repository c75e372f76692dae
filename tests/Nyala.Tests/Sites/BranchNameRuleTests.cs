using System.Diagnostics;
using CsCheck;
using Nyala.Server.Sites;

namespace Nyala.Tests.Sites;

public sealed class BranchNameRuleTests
{
    // Parts for which git has rules. The list is short, so that random names combine them often.
    private static readonly string[] Parts =
        ["a", "b1", "c", "/", "/", ".", "..", "-", "@", "{", "@{", ".lock", "~", "^", ":", "?", "*", "[", "]", "\\", " ", "\t", "\u007f", "ü", "HEAD", "refs/heads/"];

    private static readonly Gen<string> Odd = Gen.Int[0, Parts.Length - 1].Select(i => Parts[i]).Array[1, 4].Select(string.Concat);

    [Theory]
    [InlineData("main")]
    [InlineData("release/2.1")]
    [InlineData("feature/a-b_c")]
    [InlineData("grün")]
    [InlineData("a@b")]
    [InlineData("heads/main")]
    [InlineData("refs/x")]
    [InlineData("a.locked/b")]
    public void A_valid_branch_name_is_accepted(string name) => Assert.True(BranchName.IsValid(name));

    [Theory]
    [InlineData("")]
    [InlineData("-d")]
    [InlineData("--upload-pack=x")]
    [InlineData("@")]
    [InlineData("HEAD")]
    [InlineData("refs/heads/main")]
    [InlineData("a..b")]
    [InlineData("a/.b")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a.")]
    [InlineData("a.lock")]
    [InlineData("a.lock/b")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("a\u009bb")]
    [InlineData("a@{1}")]
    [InlineData("a\0")]
    public void A_name_with_a_special_meaning_to_git_or_a_shell_is_refused(string name) => Assert.False(BranchName.IsValid(name));

    [Fact]
    public void A_branch_name_above_200_characters_is_refused() =>
        Assert.Equal((true, false), (BranchName.IsValid(new string('a', 200)), BranchName.IsValid(new string('a', 201))));

    [Fact]
    public void IsValid_agrees_with_git_except_for_the_names_that_Nyala_reserves() => Odd.Sample(
        name =>
        {
            bool strict = name[0] == '-' || name == "HEAD" || name.StartsWith("refs/heads/", StringComparison.Ordinal);
            Assert.Equal((name, !strict && GitTakes(name)), (name, BranchName.IsValid(name)));
        },
        iter: 200,
        threads: 2);

    private static bool GitTakes(string name)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", ["check-ref-format", "refs/heads/" + name]))!;
        Assert.True(git.WaitForExit(TimeSpan.FromSeconds(30)));
        return git.ExitCode == 0 && name != "@";
    }
}
