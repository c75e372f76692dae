
namespace Nyala.Server.Deploying.Fetch;

/// <summary>What to fetch.</summary>
/// <param name="Branch">The branch that contains the commit.</param>
/// <param name="Commit">The commit's id, in full or only its beginning; null for the branch's tip.</param>
internal sealed record FetchTarget(string Branch, string? Commit)
{
    public override string ToString() => Commit is null ? $"the branch '{Branch}'" : $"the commit {Commit}";
}
