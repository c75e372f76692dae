using Nyala.Cli.Run;
using Nyala.Cli.Run.Ci;

namespace Nyala.Tests.Cli;

public sealed class RunFactsTests
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private static readonly GitFacts Git = new(Commit, "Ann", "ann@example.com", "Say hello", "main");
    private static readonly CiFacts Job = new("GitHub Actions", new string('a', 40), "feature", false, "The job's", "Bob", "bob@example.com", "octocat");
    private static readonly RunRequest Nothing = new() { Command = ["/opt/tools/deploy.sh", "--password=secret"] };

    [Fact]
    public void Facts_that_the_caller_does_not_give_come_from_git() =>
        Assert.Equal(new RunFacts(Commit, "Say hello", "root", "Ann", "ann@example.com", "main"), Of(Nothing, Git));

    [Fact]
    public void Without_a_repository_there_are_defaults_that_contain_no_command_arguments() =>
        Assert.Equal(new RunFacts("new-id", "Deployed by nyala run: deploy.sh", "root", "root", null, null), Of(Nothing, null));

    [Fact]
    public void Facts_that_the_caller_gives_override_git_and_CI()
    {
        RunRequest all = Nothing with { Id = "i", Message = "m", Deployer = "d", Author = "a", AuthorEmail = "e", Branch = "b" };

        Assert.Equal(new RunFacts("i", "m", "d", "a", "e", "b"), Of(all, Git, Job));
    }

    [Fact]
    public void A_given_author_does_not_get_the_email_address_of_the_commit() =>
        Assert.Null(Of(Nothing with { Author = "Bob" }, Git).AuthorEmail);

    [Fact]
    public void The_deployer_is_the_user_who_started_the_CI_job() => Assert.Equal("octocat", Of(Nothing, Git, Job).Deployer);

    [Fact]
    public void Without_git_the_facts_come_from_the_CI_job() =>
        Assert.Equal(new RunFacts(Job.Commit!, "The job's", "octocat", "Bob", "bob@example.com", "feature"), Of(Nothing, null, Job));

    [Fact]
    public void The_author_comes_from_the_CI_job_if_git_has_none() =>
        Assert.Equal(("Bob", null), (Of(Nothing, Git with { Author = "", Email = "ann@example.com" }, Job with { AuthorEmail = null }).Author, Of(Nothing, null, Job with { AuthorEmail = null }).AuthorEmail));

    [Theory]
    [InlineData("main", false, false, "main")] // The job was started for a commit other than the one that is checked out.
    [InlineData("main", true, false, "feature")]
    [InlineData("main", false, true, "feature")] // The checked-out merge of a pull request is on the target branch.
    [InlineData(null, false, false, "feature")]
    public void The_branch_of_the_CI_job_is_used_for_its_own_commit_and_for_pull_requests(string? checkedOut, bool sameCommit, bool pullRequest, string branch)
    {
        CiFacts job = Job with { Commit = sameCommit ? Commit : Job.Commit, IsPullRequest = pullRequest };

        Assert.Equal(branch, Of(Nothing, Git with { Branch = checkedOut }, job).Branch);
    }

    [Theory]
    [InlineData("HEAD -> refs/heads/main", "main")]
    [InlineData("HEAD -> refs/heads/feature/a,b, tag: refs/tags/v1, refs/heads/other", "feature/a,b")]
    [InlineData("HEAD, refs/heads/main", null)]
    [InlineData("", null)]
    public void The_branch_is_the_one_that_HEAD_points_to(string decoration, string? branch) =>
        Assert.Equal(Git with { Branch = branch }, GitFacts.Parse($"{Commit}\0Ann\0ann@example.com\0Say hello\0{decoration}\n"));

    [Theory]
    [InlineData("")]
    [InlineData("fatal: not a git repository")]
    [InlineData("abc\0a\0b\0c\0d")]
    public void Output_of_git_in_another_format_is_ignored(string output) => Assert.Null(GitFacts.Parse(output));

    private static RunFacts Of(RunRequest request, GitFacts? git, CiFacts? job = null) => RunFacts.Of(request, git, job, "root", "new-id");
}
