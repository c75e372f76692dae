namespace Nyala.Server.Sources;

/// <summary>
/// Reads Kudu's generic form: <c>{"format":"basic","url":"https://host/repository.git#commit"}</c>, with <c>scm</c> if the repository is not git. A commit or a
/// branch follows the <c>#</c>. Without it, the site's branch is deployed.
/// </summary>
internal static class GenericSource
{
    private const int MaxUrl = 4096;

    public static ParsedPush Read(PushRequest request)
    {
        if (request.Fields.TextOf("format")?.Equals("basic", StringComparison.OrdinalIgnoreCase) != true)
        {
            return new ParsedPush.NotRecognized();
        }

        if (request.Fields.TextOf("url", MaxUrl + 1)?.Trim() is not { Length: > 0 } url)
        {
            return new ParsedPush.Malformed("'url' is missing. Set it to the repository, for example https://example.com/shop.git.");
        }

        bool mercurial = request.Fields.TextOf("scm")?.Equals("hg", StringComparison.OrdinalIgnoreCase) == true || request.Fields.IsTrue("is_hg");
        return mercurial ? new ParsedPush.Malformed("Mercurial is not supported. Use a git repository.")
            : url.Length > MaxUrl ? new ParsedPush.Malformed($"'url' is longer than {MaxUrl} characters, the maximum.")
            : new ParsedPush.Deploy(new PushPayload { RepositoryUrl = url, Deployer = DeployerOf(url) });
    }

    /// <summary>Returns the deployer by the host's name, as Kudu does: a provider that Kudu knows, or else the host.</summary>
    private static string DeployerOf(string url)
    {
        string host = Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Host.Length > 0 ? uri.Host : "Generic";
        return IsAt("github.com") ? "GitHub"
            : IsAt("bitbucket.org") ? "Bitbucket"
            : IsAt("codeplex.com") ? "CodePlex"
            : IsAt("kilnhg.com") ? "Kiln"
            : host.StartsWith("gitlab", StringComparison.OrdinalIgnoreCase) ? "GitlabHQ"
            : host;

        bool IsAt(string name) => host.Equals(name, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + name, StringComparison.OrdinalIgnoreCase);
    }
}
