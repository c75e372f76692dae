using System.Diagnostics;
using CsCheck;
using Nyala.Server.Sites;

namespace Nyala.Tests.Sites;

public sealed class BranchNameRuleTests
{
    // What git has a rule for, often enough to meet one another.
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
    public void A_branch_is_taken(string name) => Assert.True(BranchName.IsValid(name));

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
    public void What_git_or_a_shell_takes_for_something_else_is_not(string name) => Assert.False(BranchName.IsValid(name));

    [Fact]
    public void It_may_have_200_characters_and_no_more() =>
        Assert.Equal((true, false), (BranchName.IsValid(new string('a', 200)), BranchName.IsValid(new string('a', 201))));

    [Fact]
    public void It_is_what_git_says_it_is() => Odd.Sample(
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
