using Nyala.Cli.Run.Ci;

namespace Nyala.Tests.Cli;

/// <summary>The facts that are read from each CI system for a branch, a tag and a pull request, with the variables that its documentation lists.</summary>
public sealed class CiFactsTests
{
    private const string Sha = "0123456789abcdef0123456789abcdef01234567";

    [Fact]
    public void The_facts_of_a_GitHub_Actions_job_are_read()
    {
        const string Event = """{"head_commit":{"message":"My fix\n\nLonger.","author":{"name":"Ann","email":"ann@example.com"}}}""";
        (string, string)[] job = [("GITHUB_ACTIONS", "true"), ("GITHUB_SHA", Sha), ("GITHUB_ACTOR", "octocat"), ("GITHUB_EVENT_PATH", "/event.json")];

        Assert.Equal(
            new CiFacts("GitHub Actions", Sha, "feature/x", false, "My fix", "Ann", "ann@example.com", "octocat"),
            Read(("/event.json", Event), [.. job, ("GITHUB_REF", "refs/heads/feature/x"), ("GITHUB_REF_NAME", "feature/x"), ("GITHUB_REF_TYPE", "branch")]));
        Assert.Null(Read([.. job, ("GITHUB_REF", "refs/tags/v1"), ("GITHUB_REF_NAME", "v1"), ("GITHUB_REF_TYPE", "tag")])!.Branch);
        Assert.Equal(
            ("topic", true),
            Branch([.. job, ("GITHUB_REF", "refs/pull/5/merge"), ("GITHUB_REF_NAME", "5/merge"), ("GITHUB_HEAD_REF", "topic"), ("GITHUB_BASE_REF", "main")]));
    }

    [Fact]
    public void The_facts_of_a_GitLab_CI_job_are_read()
    {
        (string, string)[] job =
            [("GITLAB_CI", "true"), ("CI_COMMIT_SHA", Sha), ("CI_COMMIT_AUTHOR", "Ann <ann@example.com>"), ("CI_COMMIT_MESSAGE", "My fix\n"), ("GITLAB_USER_LOGIN", "ann")];

        Assert.Equal(
            new CiFacts("GitLab CI/CD", Sha, "feature/x", false, "My fix", "Ann", "ann@example.com", "ann"),
            Read([.. job, ("CI_COMMIT_BRANCH", "feature/x"), ("CI_COMMIT_REF_NAME", "feature/x")]));
        Assert.Equal((null, false), Branch([.. job, ("CI_COMMIT_TAG", "v1"), ("CI_COMMIT_REF_NAME", "v1")]));
        Assert.Equal(("topic", true), Branch([.. job, ("CI_COMMIT_REF_NAME", "refs/merge-requests/1/head"), ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "topic")]));
    }

    [Fact]
    public void The_facts_of_an_Azure_Pipelines_job_are_read()
    {
        (string, string)[] job =
        [
            ("TF_BUILD", "True"), ("BUILD_SOURCEVERSION", Sha), ("BUILD_SOURCEVERSIONMESSAGE", "My fix"), ("BUILD_SOURCEVERSIONAUTHOR", "Ann <ann@example.com>"),
            ("BUILD_REQUESTEDFOR", "Ann"), ("BUILD_SOURCEBRANCHNAME", "x"),
        ];

        Assert.Equal(
            new CiFacts("Azure Pipelines", Sha, "feature/x", false, "My fix", "Ann", "ann@example.com", "Ann"),
            Read([.. job, ("BUILD_SOURCEBRANCH", "refs/heads/feature/x")]));
        Assert.Equal((null, false), Branch([.. job, ("BUILD_SOURCEBRANCH", "refs/tags/v1")]));
        Assert.Equal(("topic", true), Branch([.. job, ("BUILD_SOURCEBRANCH", "refs/pull/1/merge"), ("SYSTEM_PULLREQUEST_SOURCEBRANCH", "refs/heads/topic")]));
        Assert.Equal(("main", false), Branch([.. job, ("BUILD_SOURCEBRANCH", "refs/heads/main"), ("SYSTEM_PULLREQUEST_SOURCEBRANCH", "$(System.PullRequest.SourceBranch)")]));
    }

    [Fact]
    public void The_facts_of_a_Jenkins_job_are_read()
    {
        (string, string)[] job = [("JENKINS_URL", "https://ci.example"), ("GIT_COMMIT", Sha)];

        Assert.Equal(new CiFacts("Jenkins", Sha, "feature/x", false, null, null, null, null), Read([.. job, ("GIT_BRANCH", "origin/feature/x")]));
        Assert.Equal(("feature/x", false), Branch([.. job, ("BRANCH_NAME", "feature/x"), ("GIT_BRANCH", "feature/x")]));
        Assert.Equal((null, false), Branch([.. job, ("BRANCH_NAME", "v1"), ("TAG_NAME", "v1")]));
        CiFacts change = Read(
            [.. job, ("BRANCH_NAME", "PR-3"), ("CHANGE_ID", "3"), ("CHANGE_BRANCH", "topic"), ("CHANGE_TITLE", "My fix"), ("CHANGE_AUTHOR", "ann"), ("CHANGE_AUTHOR_EMAIL", "ann@example.com")])!;
        Assert.Equal(("topic", true, "My fix", "ann", "ann@example.com"), (change.Branch, change.IsPullRequest, change.Message, change.Author, change.AuthorEmail));
    }

    [Fact]
    public void The_facts_of_a_Bitbucket_Pipelines_job_are_read()
    {
        (string, string)[] job = [("BITBUCKET_BUILD_NUMBER", "7"), ("BITBUCKET_COMMIT", Sha)];

        Assert.Equal(new CiFacts("Bitbucket Pipelines", Sha, "feature/x", false, null, null, null, null), Read([.. job, ("BITBUCKET_BRANCH", "feature/x")]));
        Assert.Equal((null, false), Branch([.. job, ("BITBUCKET_TAG", "v1")]));
        Assert.Equal("topic", Branch([.. job, ("BITBUCKET_BRANCH", "topic"), ("BITBUCKET_PR_ID", "3"), ("BITBUCKET_PR_DESTINATION_BRANCH", "main")]).Branch);
    }

    [Fact]
    public void The_facts_of_a_CircleCI_job_are_read()
    {
        (string, string)[] job = [("CIRCLECI", "true"), ("CIRCLE_SHA1", Sha), ("CIRCLE_USERNAME", "ann")];

        Assert.Equal(new CiFacts("CircleCI", Sha, "feature/x", false, null, null, null, "ann"), Read([.. job, ("CIRCLE_BRANCH", "feature/x")]));
        Assert.Equal((null, false), Branch([.. job, ("CIRCLE_TAG", "v1")]));
        Assert.Equal((null, false), Branch([.. job, ("CIRCLE_BRANCH", "pull/7")]));
        Assert.Equal("pull/it", Branch([.. job, ("CIRCLE_BRANCH", "pull/it")]).Branch);
    }

    [Fact]
    public void The_facts_of_a_Travis_CI_job_are_read()
    {
        (string, string)[] job = [("TRAVIS", "true"), ("TRAVIS_COMMIT", Sha), ("TRAVIS_COMMIT_MESSAGE", "My fix")];

        Assert.Equal(new CiFacts("Travis CI", Sha, "feature/x", false, "My fix", null, null, null), Read([.. job, ("TRAVIS_BRANCH", "feature/x"), ("TRAVIS_TAG", "")]));
        Assert.Equal((null, false), Branch([.. job, ("TRAVIS_BRANCH", "v1"), ("TRAVIS_TAG", "v1")]));
        Assert.Equal(("topic", true), Branch([.. job, ("TRAVIS_BRANCH", "main"), ("TRAVIS_PULL_REQUEST", "3"), ("TRAVIS_PULL_REQUEST_BRANCH", "topic")]));
    }

    [Fact]
    public void The_facts_of_a_Drone_job_are_read()
    {
        (string, string)[] job =
        [
            ("DRONE", "true"), ("DRONE_COMMIT_SHA", Sha), ("DRONE_COMMIT_MESSAGE", "My fix"), ("DRONE_COMMIT_AUTHOR", "ann"), ("DRONE_COMMIT_AUTHOR_NAME", "Ann"),
            ("DRONE_COMMIT_AUTHOR_EMAIL", "ann@example.com"),
        ];

        Assert.Equal(
            new CiFacts("Drone", Sha, "feature/x", false, "My fix", "Ann", "ann@example.com", null),
            Read([.. job, ("DRONE_BRANCH", "feature/x"), ("DRONE_BUILD_EVENT", "push")]));
        Assert.Equal((null, false), Branch([.. job, ("DRONE_BRANCH", "main"), ("DRONE_TAG", "v1"), ("DRONE_BUILD_EVENT", "tag")]));
        Assert.Equal(("topic", true), Branch([.. job, ("DRONE_BRANCH", "main"), ("DRONE_SOURCE_BRANCH", "topic"), ("DRONE_BUILD_EVENT", "pull_request")]));
    }

    [Fact]
    public void The_facts_of_a_Woodpecker_job_are_read()
    {
        (string, string)[] job =
            [("CI", "woodpecker"), ("CI_COMMIT_SHA", Sha), ("CI_COMMIT_MESSAGE", "My fix"), ("CI_COMMIT_AUTHOR", "ann"), ("CI_COMMIT_AUTHOR_EMAIL", "ann@example.com")];

        Assert.Equal(
            new CiFacts("Woodpecker", Sha, "feature/x", false, "My fix", "ann", "ann@example.com", null),
            Read([.. job, ("CI_COMMIT_BRANCH", "feature/x")]));
        Assert.Equal((null, false), Branch([.. job, ("CI_COMMIT_TAG", "v1"), ("CI_PIPELINE_EVENT", "tag")]));
        Assert.Equal(("topic", true), Branch([.. job, ("CI_COMMIT_BRANCH", "main"), ("CI_COMMIT_SOURCE_BRANCH", "topic")]));
    }

    [Fact]
    public void The_facts_of_a_Buildkite_job_are_read()
    {
        (string, string)[] job =
        [
            ("BUILDKITE", "true"), ("BUILDKITE_COMMIT", Sha), ("BUILDKITE_MESSAGE", "My fix"), ("BUILDKITE_BUILD_AUTHOR", "Ann"),
            ("BUILDKITE_BUILD_AUTHOR_EMAIL", "ann@example.com"), ("BUILDKITE_BUILD_CREATOR", "Bob"),
        ];

        Assert.Equal(
            new CiFacts("Buildkite", Sha, "feature/x", false, "My fix", "Ann", "ann@example.com", "Bob"), Read([.. job, ("BUILDKITE_BRANCH", "feature/x")]));
        Assert.Equal((null, false), Branch([.. job, ("BUILDKITE_BRANCH", "v1"), ("BUILDKITE_TAG", "v1")]));
        Assert.Equal("topic", Branch([.. job, ("BUILDKITE_BRANCH", "topic"), ("BUILDKITE_PULL_REQUEST", "3"), ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", "main")]).Branch);
        Assert.Null(Read(("BUILDKITE", "true"), ("BUILDKITE_COMMIT", "HEAD"))!.Commit);
    }

    [Fact]
    public void The_facts_of_an_AppVeyor_job_are_read()
    {
        (string, string)[] job =
        [
            ("APPVEYOR", "True"), ("APPVEYOR_REPO_COMMIT", Sha), ("APPVEYOR_REPO_COMMIT_MESSAGE", "My fix"), ("APPVEYOR_REPO_COMMIT_AUTHOR", "Ann"),
            ("APPVEYOR_REPO_COMMIT_AUTHOR_EMAIL", "ann@example.com"),
        ];

        Assert.Equal(
            new CiFacts("AppVeyor", Sha, "feature/x", false, "My fix", "Ann", "ann@example.com", null),
            Read([.. job, ("APPVEYOR_REPO_BRANCH", "feature/x"), ("APPVEYOR_REPO_TAG", "false")]));
        Assert.Equal((null, false), Branch([.. job, ("APPVEYOR_REPO_BRANCH", "v1"), ("APPVEYOR_REPO_TAG", "true"), ("APPVEYOR_REPO_TAG_NAME", "v1")]));
        Assert.Equal(
            ("topic", true), Branch([.. job, ("APPVEYOR_REPO_BRANCH", "main"), ("APPVEYOR_REPO_TAG", "false"), ("APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH", "topic")]));
    }

    [Fact]
    public void The_facts_of_a_TeamCity_job_are_read()
    {
        const string Build = "teamcity.build.id=7\nteamcity.configuration.properties.file=/tmp/config.properties\n";
        const string Config = "#comment\nteamcity.build.branch=feature/x\nteamcity.build.triggeredBy.username=ann\nother=a\\:b\\u0041\n";
        (string, string)[] job = [("TEAMCITY_VERSION", "2026.1"), ("BUILD_VCS_NUMBER", Sha), ("TEAMCITY_BUILD_PROPERTIES_FILE", "/tmp/build.properties")];

        Assert.Equal(
            new CiFacts("TeamCity", Sha, "feature/x", false, null, null, null, "ann"),
            Read([("/tmp/build.properties", Build), ("/tmp/config.properties", Config)], job));
        Assert.Null(Read([("/tmp/build.properties", Build), ("/tmp/config.properties", "teamcity.build.branch=pull/7\n")], job)!.Branch);
        Assert.Equal((null, false), Branch(job));
        Assert.Null(Read(("TEAMCITY_VERSION", "2026.1"), ("BUILD_VCS_NUMBER", "1234"))!.Commit);
        Assert.Equal("a:bA", CiVariables.Property(Config, "other"));
    }

    [Fact]
    public void The_facts_of_a_Semaphore_job_are_read()
    {
        (string, string)[] job = [("SEMAPHORE", "true"), ("SEMAPHORE_GIT_SHA", Sha), ("SEMAPHORE_GIT_COMMIT_AUTHOR", "ann")];

        Assert.Equal(
            new CiFacts("Semaphore", Sha, "feature/x", false, null, "ann", null, null),
            Read([.. job, ("SEMAPHORE_GIT_REF_TYPE", "branch"), ("SEMAPHORE_GIT_BRANCH", "feature/x"), ("SEMAPHORE_GIT_WORKING_BRANCH", "feature/x")]));
        Assert.Equal((null, false), Branch([.. job, ("SEMAPHORE_GIT_REF_TYPE", "tag"), ("SEMAPHORE_GIT_TAG_NAME", "v1"), ("SEMAPHORE_GIT_BRANCH", "v1")]));
        Assert.Equal(("topic", true), Branch([.. job, ("SEMAPHORE_GIT_REF_TYPE", "pull-request"), ("SEMAPHORE_GIT_BRANCH", "main"), ("SEMAPHORE_GIT_PR_BRANCH", "topic")]));
    }

    [Fact]
    public void The_facts_of_an_AWS_CodeBuild_job_are_read()
    {
        (string, string)[] job = [("CODEBUILD_BUILD_ID", "shop:1"), ("CODEBUILD_RESOLVED_SOURCE_VERSION", Sha), ("CODEBUILD_INITIATOR", "ann")];

        Assert.Equal(
            new CiFacts("AWS CodeBuild", Sha, "feature/x", false, null, null, null, "ann"),
            Read([.. job, ("CODEBUILD_WEBHOOK_HEAD_REF", "refs/heads/feature/x"), ("CODEBUILD_SOURCE_VERSION", "feature/x")]));
        Assert.Equal((null, false), Branch([.. job, ("CODEBUILD_WEBHOOK_HEAD_REF", "refs/tags/v1"), ("CODEBUILD_SOURCE_VERSION", "v1")]));
        Assert.Equal("topic", Branch([.. job, ("CODEBUILD_WEBHOOK_HEAD_REF", "refs/heads/topic"), ("CODEBUILD_SOURCE_VERSION", "pr/3")]).Branch);
    }

    [Fact]
    public void There_are_no_facts_outside_a_CI_job() => Assert.Null(Read(("HOME", "/root"), ("CI", "true")));

    [Fact]
    public void GITHUB_SHA_alone_identifies_GitHub_Actions() => Assert.Equal(("GitHub Actions", Sha), (Read(("GITHUB_SHA", Sha))!.System, Read(("GITHUB_SHA", Sha))!.Commit));

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("""{"head_commit":null}""")]
    [InlineData("""{"head_commit":{"message":7}}""")]
    [InlineData("""{"head_commit":{"message":"\ud800"}}""")]
    public void An_invalid_or_incomplete_event_file_is_ignored(string file)
    {
        CiFacts facts = Read(("/e", file), [("GITHUB_ACTIONS", "true"), ("GITHUB_SHA", Sha), ("GITHUB_EVENT_PATH", "/e")])!;

        Assert.Equal((Sha, null, null), (facts.Commit, facts.Message, facts.Author));
    }

    private static (string? Branch, bool IsPullRequest) Branch(params (string Name, string Value)[] variables) =>
        (Read(variables)!.Branch, Read(variables)!.IsPullRequest);

    private static CiFacts? Read(params (string Name, string Value)[] variables) => Read([], variables);

    private static CiFacts? Read((string Path, string Text) file, (string Name, string Value)[] variables) => Read([file], variables);

    private static CiFacts? Read((string Path, string Text)[] files, (string Name, string Value)[] variables) => CiFacts.Read(new CiVariables(
        name => variables.Where(variable => variable.Name == name && variable.Value.Length > 0).Select(variable => variable.Value).FirstOrDefault(),
        path => files.Where(file => file.Path == path).Select(file => file.Text).FirstOrDefault()));
}
