using Nyala.Server.Http;

namespace Nyala.Server.Sources;

/// <summary>A pushed ref and the commit that it points to now. Decides whether it is deployed.</summary>
/// <param name="Deployer">The name of the deployer, such as GitHub.</param>
/// <param name="Ref">The full ref; null if unknown.</param>
/// <param name="Commit">The commit's id, or zeros if the ref was deleted; null if unknown.</param>
internal sealed record PushRef(string Deployer, string? Ref, string? Commit)
{
    private const string Branches = "refs/heads/";
    private const string Tags = "refs/tags/";
    private const int MaxShown = 100;

    /// <summary>Decides what to deploy.</summary>
    /// <param name="wanted">The branch that the site deploys.</param>
    /// <param name="url">The URL of the repository; null if unknown.</param>
    /// <param name="urlField">The name of the field that should contain the URL, for the error message.</param>
    /// <param name="head">The details of the pushed commit in the payload.</param>
    public ParsedPush Judge(string wanted, string? url, string urlField, HeadCommit head)
    {
        if (Ref is null)
        {
            return new ParsedPush.Malformed($"The push has no 'ref'.");
        }

        if (Ref.StartsWith(Tags, StringComparison.Ordinal))
        {
            return new ParsedPush.NoDeployment($"The tag '{Shown(Ref[Tags.Length..])}' was pushed, but only branches are deployed.");
        }

        if (!Ref.StartsWith(Branches, StringComparison.Ordinal))
        {
            return new ParsedPush.NoDeployment($"'{Shown(Ref)}' was pushed, but only branches are deployed.");
        }

        string branch = Ref[Branches.Length..];
        if (branch != wanted)
        {
            return new ParsedPush.NoDeployment($"The branch '{Shown(branch)}' was pushed, but this site deploys the branch '{wanted}'.");
        }

        if (Commit is { Length: > 0 } && Commit.All(digit => digit == '0'))
        {
            return new ParsedPush.NoDeployment($"The branch '{branch}' was deleted, so there is nothing to deploy.");
        }

        if (Commit is not { Length: 40 or 64 } || !Commit.All(char.IsAsciiHexDigit))
        {
            return new ParsedPush.Malformed($"The push has no valid commit id.");
        }

        return url is null
            ? new ParsedPush.Malformed($"The push has no repository URL: '{urlField}' is missing.")
            : new ParsedPush.Deploy(new PushPayload
            {
                RepositoryUrl = url,
                Branch = branch,
                Commit = Commit.ToLowerInvariant(),
                Author = head.Author,
                AuthorEmail = head.AuthorEmail,
                Message = head.Message,
                Deployer = Deployer,
            });
    }

    private static string Shown(string name) => name.Length > MaxShown ? name[..MaxShown] + "…" : name;
}

/// <summary>The details of a pushed commit in a payload. Unknown details are empty.</summary>
internal readonly record struct HeadCommit(string Author, string AuthorEmail, string Message)
{
    /// <summary>Reads a commit in the form that GitHub and GitLab have in common.</summary>
    public static HeadCommit Of(JsonFields commit)
    {
        JsonFields author = commit.Part("author");
        return new HeadCommit(author.TextOf("name") ?? author.TextOf("username") ?? "", author.TextOf("email") ?? "", commit.TextOf("message", TextLimit.Message)?.Trim() ?? "");
    }
}
