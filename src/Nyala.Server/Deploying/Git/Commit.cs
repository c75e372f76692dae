namespace Nyala.Server.Deploying.Git;

/// <summary>The details of a commit that a deployment reports.</summary>
internal sealed record Commit(string Id, string Author, string AuthorEmail, string Message);
