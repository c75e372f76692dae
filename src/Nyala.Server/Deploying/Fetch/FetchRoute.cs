using System.Diagnostics;
using Nyala.Server.Deploying.Git;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>
/// A way to a repository that was vetted, as settings of git's. They go to git by its environment: nothing of them, nor the
/// credentials among them, is in an argument, which every user of the machine can read.
/// </summary>
/// <param name="Url">The repository.</param>
/// <param name="Way">The settings of the way: pinned addresses, or a proxy.</param>
internal sealed record FetchRoute(RepositoryUrl Url, IReadOnlyList<GitSetting> Way)
{
    /// <summary>How git is started to talk to the repository, in its own session, so that it can be ended with everything that it started.</summary>
    /// <param name="verb">The verb and its options.</param>
    /// <param name="rest">What follows the repository's URL.</param>
    public ProcessStartInfo Start(IEnumerable<string> verb, params IEnumerable<string> rest)
    {
        ProcessStartInfo start = GitProcess.Start(["git", .. verb, "--end-of-options", Url.Url.AbsoluteUri, .. rest]);
        start.FileName = "setsid";

        // The messages are read; and a ~/.netrc of the server's user is nothing for a URL that a caller chose.
        start.Environment.Remove("LANGUAGE");
        start.Environment["LC_ALL"] = "C";
        start.Environment["HOME"] = "/dev/null";
        GitProcess.Configure(start, Settings());
        return start;
    }

    /// <summary>Takes out of a text what must not be shown: the other side may send back what it was sent.</summary>
    public string Mask(string text)
    {
        if (Url.UserInfo is not { } userInfo)
        {
            return text;
        }

        string[] pair = userInfo.Split(':', 2);
        string basic = Url.Authorization!["Basic ".Length..];

        // The longest first, so that none leaves a piece of another.
        IEnumerable<string> secrets = ((string[])[userInfo, basic, .. pair, .. pair.Select(Uri.EscapeDataString)]).Where(secret => secret.Length > 0);
        return secrets.OrderByDescending(secret => secret.Length).Aggregate(text, (masked, secret) => masked.Replace(secret, "***", StringComparison.Ordinal));
    }

    private IEnumerable<GitSetting> Settings()
    {
        yield return new("protocol.allow", "never");
        yield return new($"protocol.{Url.Url.Scheme}.allow", "always");

        // With redirects the alternates that a repository names by http are left alone, too.
        yield return new("http.followRedirects", "false");
        yield return new("credential.helper", "");
        yield return new("transfer.bundleURI", "false");
        yield return new("fetch.uriProtocols", "");
        yield return new("fetch.recurseSubmodules", "false");
        yield return new("submodule.recurse", "false");

        // One that says nothing for two minutes has gone.
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
