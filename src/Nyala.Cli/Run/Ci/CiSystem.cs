namespace Nyala.Cli.Run.Ci;

/// <summary>
/// A CI system, and the documented variables in which its jobs find the facts about their commit. Each list is in order of
/// preference: the first variable that is set decides. The forms of an entry are those of <see cref="CiVariables"/>.
/// </summary>
internal sealed record CiSystem(string Name)
{
    /// <summary>The variable that is set in every job of this system and of no other.</summary>
    public required string Mark { get; init; }

    /// <summary>The id of the commit.</summary>
    public required string[] Commit { get; init; }

    /// <summary>The branch of a job that builds one: its name, or a ref.</summary>
    public string[] Branch { get; init; } = [];

    /// <summary>The source branch of a pull or merge request; unset in other jobs.</summary>
    public string[] SourceBranch { get; init; } = [];

    /// <summary>Set in the job of a tag, in which other variables may hold the tag in place of a branch.</summary>
    public string[] Tag { get; init; } = [];

    /// <summary>The commit's message, or what a pull request calls itself.</summary>
    public string[] Message { get; init; } = [];

    /// <summary>Who wrote the commit: a name, or <c>Name &lt;address&gt;</c>.</summary>
    public string[] Author { get; init; } = [];

    public string[] AuthorEmail { get; init; } = [];

    /// <summary>Who started the job.</summary>
    public string[] Deployer { get; init; } = [];

    /// <summary>What stands before a branch's name in this system's variables, for example the name of a remote.</summary>
    public string BranchPrefix { get; init; } = "";

    /// <summary>Every variable of this system.</summary>
    public IEnumerable<string> Variables => [Mark, .. Commit, .. Branch, .. SourceBranch, .. Tag, .. Message, .. Author, .. AuthorEmail, .. Deployer];
}
