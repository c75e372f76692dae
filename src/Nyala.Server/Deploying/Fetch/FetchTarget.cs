
namespace Nyala.Server.Deploying.Fetch;

/// <summary>What is fetched.</summary>
/// <param name="Branch">The branch that it is on.</param>
/// <param name="Commit">The commit, whole or its beginning; null for the one that the branch leads to.</param>
internal sealed record FetchTarget(string Branch, string? Commit)
{
    public override string ToString() => Commit is null ? $"the branch '{Branch}'" : $"the commit {Commit}";
}
