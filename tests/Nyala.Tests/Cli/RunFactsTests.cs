using Nyala.Cli.Run;

namespace Nyala.Tests.Cli;

public sealed class RunFactsTests
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private static readonly GitFacts Git = new(Commit, "Ann", "ann@example.com", "Say hello", "main");
    private static readonly RunRequest Nothing = new() { Command = ["/opt/tools/deploy.sh", "--password=secret"] };

    [Fact]
    public void Git_answers_what_the_caller_left_open() =>
        Assert.Equal(new RunFacts(Commit, "Say hello", "root", "Ann", "ann@example.com", "main"), Of(Nothing, Git));

    [Fact]
    public void Without_a_repository_there_are_defaults_and_no_argument_leaks() =>
        Assert.Equal(new RunFacts("new-id", "Deployed by nyala run: deploy.sh", "root", "root", null, null), Of(Nothing, null));

    [Fact]
    public void The_caller_has_the_last_word()
    {
        RunRequest all = Nothing with { Id = "i", Message = "m", Deployer = "d", Author = "a", AuthorEmail = "e", Branch = "b" };

        Assert.Equal(new RunFacts("i", "m", "d", "a", "e", "b"), Of(all, Git, ("GITHUB_ACTOR", "octocat")));
    }

    [Fact]
    public void A_given_author_does_not_get_the_commit_authors_address() =>
        Assert.Null(Of(Nothing with { Author = "Bob" }, Git).AuthorEmail);

    [Theory]
    [InlineData("GITHUB_ACTOR")]
    [InlineData("GITLAB_USER_LOGIN")]
    [InlineData("BUILD_REQUESTEDFOR")]
    public void The_one_who_started_the_job_deploys(string variable) =>
        Assert.Equal("octocat", Of(Nothing, Git, (variable, "octocat")).Deployer);

    [Fact]
    public void A_job_without_a_branch_checked_out_says_it_in_its_environment() =>
        Assert.Equal("feature", Of(Nothing, Git with { Branch = null }, ("GITHUB_REF_NAME", "feature")).Branch);

    [Theory]
    [InlineData("HEAD -> refs/heads/main", "main")]
    [InlineData("HEAD -> refs/heads/feature/a,b, tag: refs/tags/v1, refs/heads/other", "feature/a,b")]
    [InlineData("HEAD, refs/heads/main", null)]
    [InlineData("", null)]
    public void The_branch_is_the_one_that_is_checked_out(string decoration, string? branch) =>
        Assert.Equal(Git with { Branch = branch }, GitFacts.Parse($"{Commit}\0Ann\0ann@example.com\0Say hello\0{decoration}\n"));

    [Theory]
    [InlineData("")]
    [InlineData("fatal: not a git repository")]
    [InlineData("abc\0a\0b\0c\0d")]
    public void What_is_no_answer_is_nothing(string output) => Assert.Null(GitFacts.Parse(output));

    private static RunFacts Of(RunRequest request, GitFacts? git, params (string Name, string Value)[] variables) => RunFacts.Of(
        request, git, name => variables.Where(variable => variable.Name == name).Select(variable => variable.Value).FirstOrDefault(), "root", "new-id");
}
