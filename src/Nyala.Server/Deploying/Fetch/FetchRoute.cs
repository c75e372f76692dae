using System.Diagnostics;
using Nyala.Server.Deploying.Git;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>
/// A vetted route to a repository, as settings of git. git gets them in its environment, because they include credentials and every user of the machine can
/// read arguments.
/// </summary>
/// <param name="Url">The repository.</param>
/// <param name="Way">The settings of the route: pinned addresses, or a proxy.</param>
internal sealed record FetchRoute(RepositoryUrl Url, IReadOnlyList<GitSetting> Way)
{
    /// <summary>
    /// Describes how to start git to talk to the repository, in its own session, so that git can be ended together with everything that it started.
    /// </summary>
    /// <param name="verb">The command of git and its options.</param>
    /// <param name="rest">The arguments after the repository's URL.</param>
    public ProcessStartInfo Start(IEnumerable<string> verb, params IEnumerable<string> rest)
    {
        ProcessStartInfo start = GitProcess.Start(["git", .. verb, "--end-of-options", Url.Url.AbsoluteUri, .. rest]);
        start.FileName = "setsid";

        // git's messages are parsed, so they must be in English. A ~/.netrc of the server's user must not apply to a URL that a caller chose.
        start.Environment.Remove("LANGUAGE");
        start.Environment["LC_ALL"] = "C";
        start.Environment["HOME"] = "/dev/null";
        GitProcess.Configure(start, Settings());
        return start;
    }

    /// <summary>Masks the credentials in a text, because the other server may send back what it was sent.</summary>
    public string Mask(string text)
    {
        if (Url.UserInfo is not { } userInfo)
        {
            return text;
        }

        string[] pair = userInfo.Split(':', 2);
        string basic = Url.Authorization!["Basic ".Length..];

        // The longest first, so that no part of another secret is left.
        IEnumerable<string> secrets = ((string[])[userInfo, basic, .. pair, .. pair.Select(Uri.EscapeDataString)]).Where(secret => secret.Length > 0);
        return secrets.OrderByDescending(secret => secret.Length).Aggregate(text, (masked, secret) => masked.Replace(secret, "***", StringComparison.Ordinal));
    }

    private IEnumerable<GitSetting> Settings()
    {
        yield return new("protocol.allow", "never");
        yield return new($"protocol.{Url.Url.Scheme}.allow", "always");

        // This setting also makes git ignore alternates that a repository names by HTTP.
        yield return new("http.followRedirects", "false");
        yield return new("credential.helper", "");
        yield return new("transfer.bundleURI", "false");
        yield return new("fetch.uriProtocols", "");
        yield return new("fetch.recurseSubmodules", "false");
        yield return new("submodule.recurse", "false");

        // A server that sends nothing for two minutes counts as gone.
        yield return new("http.lowSpeedLimit", "1");
        yield return new("http.lowSpeedTime", "120");
        foreach (GitSetting setting in Way)
        {
            yield return setting;
        }

        if (Url.Authorization is { } authorization)
        {
            yield return new("http.extraHeader", $"Authorization: {authorization}");
        }
    }
}
