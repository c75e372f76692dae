namespace Nyala.Cli.Run.Ci;

/// <summary>
/// A CI system, and the documented environment variables that describe the commit of a job. Each list is in order of preference: the first entry that is set is
/// used. <see cref="CiVariables"/> describes the forms of an entry.
/// </summary>
internal sealed record CiSystem(string Name)
{
    /// <summary>The variable that is set in every job of this system and in no job of another system.</summary>
    public required string Marker { get; init; }

    /// <summary>The ID of the commit.</summary>
    public required string[] Commit { get; init; }

    /// <summary>The branch that the job builds, as a name or a ref.</summary>
    public string[] Branch { get; init; } = [];

    /// <summary>The source branch of a pull or merge request. Not set in other jobs.</summary>
    public string[] SourceBranch { get; init; } = [];

    /// <summary>Set in a job for a tag. Other variables of the job may then contain the tag instead of a branch.</summary>
    public string[] Tag { get; init; } = [];

    /// <summary>The commit's message, or the title of a pull request.</summary>
    public string[] Message { get; init; } = [];

    /// <summary>The author of the commit: a name, or <c>Name &lt;address&gt;</c>.</summary>
    public string[] Author { get; init; } = [];

    public string[] AuthorEmail { get; init; } = [];

    /// <summary>The user who started the job.</summary>
    public string[] Deployer { get; init; } = [];

    /// <summary>The prefix of branch names in this system's variables, for example the name of a remote.</summary>
    public string BranchPrefix { get; init; } = "";

    /// <summary>Every variable of this system.</summary>
    public IEnumerable<string> Variables => [Marker, .. Commit, .. Branch, .. SourceBranch, .. Tag, .. Message, .. Author, .. AuthorEmail, .. Deployer];
}
