namespace Nyala.Cli.Run.Ci;

/// <summary>The CI systems whose variables are known. Each row follows the system's own documentation of its variables.</summary>
internal static class CiSystems
{
    /// <summary>
    /// All known CI systems. Woodpecker comes before GitLab, because it uses some of GitLab's variable names. Jenkins comes last, because some of its variable
    /// names are used by many programs.
    /// </summary>
    public static readonly IReadOnlyList<CiSystem> All =
    [
        // Gitea and Forgejo set the same variables.
        new("GitHub Actions")
        {
            Marker = "GITHUB_ACTIONS",
            Commit = ["GITHUB_SHA"],
            Branch = ["GITHUB_REF", "GITHUB_REF_NAME"],
            SourceBranch = ["GITHUB_HEAD_REF"],
            Tag = ["GITHUB_REF_TYPE=tag"],
            Message = ["GITHUB_EVENT_PATH#head_commit.message", "GITHUB_EVENT_PATH#pull_request.title"],
            Author = ["GITHUB_EVENT_PATH#head_commit.author.name", "GITHUB_EVENT_PATH#pull_request.user.login"],
            AuthorEmail = ["GITHUB_EVENT_PATH#head_commit.author.email"],
            Deployer = ["GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR"],
        },
        new("Woodpecker")
        {
            Marker = "CI=woodpecker",
            Commit = ["CI_COMMIT_SHA"],
            Branch = ["CI_COMMIT_BRANCH"],
            SourceBranch = ["CI_COMMIT_SOURCE_BRANCH"],
            Tag = ["CI_COMMIT_TAG", "CI_PIPELINE_EVENT=tag"],
            Message = ["CI_COMMIT_MESSAGE"],
            Author = ["CI_COMMIT_AUTHOR"],
            AuthorEmail = ["CI_COMMIT_AUTHOR_EMAIL"],
            Deployer = ["CI_PIPELINE_AUTHOR"],
        },
        new("GitLab CI/CD")
        {
            Marker = "GITLAB_CI",
            Commit = ["CI_COMMIT_SHA"],
            Branch = ["CI_COMMIT_BRANCH", "CI_COMMIT_REF_NAME"],
            SourceBranch = ["CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME"],
            Tag = ["CI_COMMIT_TAG"],
            Message = ["CI_COMMIT_MESSAGE", "CI_COMMIT_TITLE"],
            Author = ["CI_COMMIT_AUTHOR"],
            Deployer = ["GITLAB_USER_LOGIN", "GITLAB_USER_NAME"],
        },
        new("Azure Pipelines")
        {
            Marker = "TF_BUILD",
            Commit = ["BUILD_SOURCEVERSION"],
            // BUILD_SOURCEBRANCHNAME contains only the part after the last slash.
            Branch = ["BUILD_SOURCEBRANCH"],
            SourceBranch = ["SYSTEM_PULLREQUEST_SOURCEBRANCH"],
            Message = ["BUILD_SOURCEVERSIONMESSAGE"],
            Author = ["BUILD_SOURCEVERSIONAUTHOR"],
            Deployer = ["BUILD_REQUESTEDFOR"],
        },
        new("Bitbucket Pipelines")
        {
            Marker = "BITBUCKET_BUILD_NUMBER",
            Commit = ["BITBUCKET_COMMIT"],
            Branch = ["BITBUCKET_BRANCH"],
            Tag = ["BITBUCKET_TAG"],
        },
        new("CircleCI")
        {
            Marker = "CIRCLECI",
            Commit = ["CIRCLE_SHA1"],
            Branch = ["CIRCLE_BRANCH"],
            Tag = ["CIRCLE_TAG"],
            Deployer = ["CIRCLE_USERNAME"],
        },
        new("Travis CI")
        {
            Marker = "TRAVIS",
            Commit = ["TRAVIS_PULL_REQUEST_SHA", "TRAVIS_COMMIT"],
            Branch = ["TRAVIS_BRANCH"],
            SourceBranch = ["TRAVIS_PULL_REQUEST_BRANCH"],
            Tag = ["TRAVIS_TAG"],
            Message = ["TRAVIS_COMMIT_MESSAGE"],
        },
        new("Drone")
        {
            Marker = "DRONE",
            Commit = ["DRONE_COMMIT_SHA", "DRONE_COMMIT"],
            Branch = ["DRONE_BRANCH", "DRONE_COMMIT_BRANCH"],
            SourceBranch = ["DRONE_SOURCE_BRANCH"],
            Tag = ["DRONE_TAG", "DRONE_BUILD_EVENT=tag"],
            Message = ["DRONE_COMMIT_MESSAGE"],
            Author = ["DRONE_COMMIT_AUTHOR_NAME", "DRONE_COMMIT_AUTHOR"],
            AuthorEmail = ["DRONE_COMMIT_AUTHOR_EMAIL"],
            Deployer = ["DRONE_BUILD_TRIGGER"],
        },
        new("Buildkite")
        {
            Marker = "BUILDKITE",
            Commit = ["BUILDKITE_COMMIT"],
            Branch = ["BUILDKITE_BRANCH"],
            Tag = ["BUILDKITE_TAG"],
            Message = ["BUILDKITE_MESSAGE"],
            Author = ["BUILDKITE_BUILD_AUTHOR"],
            AuthorEmail = ["BUILDKITE_BUILD_AUTHOR_EMAIL"],
            Deployer = ["BUILDKITE_UNBLOCKER", "BUILDKITE_BUILD_CREATOR"],
        },
        new("AppVeyor")
        {
            Marker = "APPVEYOR",
            Commit = ["APPVEYOR_PULL_REQUEST_HEAD_COMMIT", "APPVEYOR_REPO_COMMIT"],
            Branch = ["APPVEYOR_REPO_BRANCH"],
            SourceBranch = ["APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH"],
            Tag = ["APPVEYOR_REPO_TAG=true", "APPVEYOR_REPO_TAG_NAME"],
            Message = ["APPVEYOR_REPO_COMMIT_MESSAGE"],
            Author = ["APPVEYOR_REPO_COMMIT_AUTHOR"],
            AuthorEmail = ["APPVEYOR_REPO_COMMIT_AUTHOR_EMAIL"],
        },
        // Its environment contains only the commit. The other facts are in the properties file that a variable names.
        new("TeamCity")
        {
            Marker = "TEAMCITY_VERSION",
            Commit = ["BUILD_VCS_NUMBER"],
            Branch = [Property("teamcity.build.branch"), Property("teamcity.build.vcs.branch")],
            SourceBranch = [Property("teamcity.pullRequest.source.branch")],
            Message = [Property("teamcity.pullRequest.title")],
            Deployer = [Property("teamcity.build.triggeredBy.username")],
        },
        new("Semaphore")
        {
            Marker = "SEMAPHORE",
            Commit = ["SEMAPHORE_GIT_PR_SHA", "SEMAPHORE_GIT_SHA"],
            Branch = ["SEMAPHORE_GIT_WORKING_BRANCH", "SEMAPHORE_GIT_BRANCH"],
            SourceBranch = ["SEMAPHORE_GIT_PR_BRANCH"],
            Tag = ["SEMAPHORE_GIT_REF_TYPE=tag", "SEMAPHORE_GIT_TAG_NAME"],
            Author = ["SEMAPHORE_GIT_COMMIT_AUTHOR"],
            Deployer = ["SEMAPHORE_WORKFLOW_TRIGGERED_BY"],
        },
        new("AWS CodeBuild")
        {
            Marker = "CODEBUILD_BUILD_ID",
            Commit = ["CODEBUILD_RESOLVED_SOURCE_VERSION", "CODEBUILD_SOURCE_VERSION"],
            // Set for pushes and pull requests. CODEBUILD_SOURCE_VERSION does not distinguish a branch from a tag.
            Branch = ["CODEBUILD_WEBHOOK_HEAD_REF"],
            Deployer = ["CODEBUILD_INITIATOR"],
        },
        new("Jenkins")
        {
            Marker = "JENKINS_URL",
            Commit = ["GIT_COMMIT"],
            Branch = ["BRANCH_NAME", "GIT_LOCAL_BRANCH", "GIT_BRANCH"],
            SourceBranch = ["CHANGE_BRANCH"],
            Tag = ["TAG_NAME"],
            Message = ["CHANGE_TITLE"],
            Author = ["CHANGE_AUTHOR_DISPLAY_NAME", "CHANGE_AUTHOR"],
            AuthorEmail = ["CHANGE_AUTHOR_EMAIL"],
            Deployer = ["BUILD_USER_ID", "BUILD_USER"],
            BranchPrefix = "origin/",
        },
    ];

    private static string Property(string name) => $"TEAMCITY_BUILD_PROPERTIES_FILE#teamcity.configuration.properties.file#{name}";
}
