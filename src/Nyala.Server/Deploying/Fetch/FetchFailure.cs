namespace Nyala.Server.Deploying.Fetch;

/// <summary>Explains to people why git could not fetch. Pure.</summary>
internal static class FetchFailure
{
    private const int MaxText = 2000;

    /// <summary>Whether git reports that the other server does not give out what was requested: a commit by its id, or a ref.</summary>
    public static bool IsMissingOrUnadvertised(string said) =>
        Has(said, "not our ref") || Has(said, "unadvertised object") || Has(said, "couldn't find remote ref") || Has(said, "no such remote ref");

    /// <param name="said">What git printed.</param>
    /// <param name="route">The route of the fetch.</param>
    /// <param name="branch">The branch that was requested.</param>
    public static string Explain(string said, FetchRoute route, string branch)
    {
        RepositoryUrl url = route.Url;
        const string Refused = "The requested URL returned error: ";
        if (Has(said, "couldn't find remote ref") || Has(said, "no such remote ref"))
        {
            return $"{url} has no branch '{branch}'. Specify a branch after '#' in the URL, or set the site's branch.";
        }

        if (Has(said, "terminal prompts disabled") || Has(said, "could not read Username"))
        {
            return url.UserInfo is not null ? $"{url} rejected the credentials." : $"{url} does not exist, or requires credentials. Add them to the URL: https://user:token@host/…";
        }

        if (Has(said, "Authentication failed") || Has(said, Refused + "401") || Has(said, Refused + "403"))
        {
            return $"{url} rejected the credentials.";
        }

        if (Has(said, Refused + "404") || (Has(said, "repository '") && Has(said, "not found")))
        {
            return $"{url} does not exist, or the credentials do not give access to it.";
        }

        return Has(said, Refused + "3") || Has(said, "unable to update url base from redirection")
            ? $"{url} redirects, and redirects are not followed. Use the URL that it redirects to."
            : $"{url} cannot be fetched: {Short(route.Mask(said))}";
    }

    private static bool Has(string said, string text) => said.Contains(text, StringComparison.OrdinalIgnoreCase);

    private static string Short(string said)
    {
        string[] lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] fatal = [.. lines.Where(line => line.StartsWith("fatal: ", StringComparison.Ordinal) || line.StartsWith("error: ", StringComparison.Ordinal))];
        string text = string.Join(' ', fatal.Length > 0 ? fatal : lines);
        return text.Length == 0 ? "git gave no reason." : text.Length > MaxText ? text[..MaxText] + "…" : text;
    }
}
