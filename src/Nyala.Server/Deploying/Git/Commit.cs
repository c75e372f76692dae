namespace Nyala.Server.Deploying.Git;

/// <summary>A commit, as far as a deployment tells of it.</summary>
internal sealed record Commit(string Id, string Author, string AuthorEmail, string Message);
