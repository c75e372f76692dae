using System.Text.Json;
using Nyala.Server.Http;

namespace Nyala.Server.Sources;

/// <summary>
/// Reads a push from a webhook of Bitbucket Cloud, which has a change for each ref: https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/#Push
/// </summary>
internal static class BitbucketSource
{
    private const string Deployer = "Bitbucket";
    private const int MaxShown = 100;

    public static ParsedPush Read(PushRequest request)
    {
        string? told = request.Header("X-Event-Key");
        JsonFields push = request.Fields.Part("push");
        if (told is null && !push.Has("changes"))
        {
            return new ParsedPush.NotRecognized();
        }

        if (told is not (null or "repo:push"))
        {
            return new ParsedPush.NoDeployment("This Bitbucket event deploys nothing. Only 'repo:push' does.");
        }

        JsonFields repository = request.Fields.Part("repository");
        return repository.TextOf("scm") is "hg"
            ? new ParsedPush.Malformed("Mercurial is not supported. Use a git repository.")
            : Judge(request.Branch, [.. push.Items("changes").Select(change => PayloadReader.Part(change))], repository.Part("links").Part("html").TextOf("href"))
                .WithDeliveryId(request, "X-Request-UUID");
    }

    private static ParsedPush Judge(string wanted, JsonFields[] changes, string? url)
    {
        if (changes.Length == 0)
        {
            return new ParsedPush.Malformed($"The push from {Deployer} contains no 'push.changes'.");
        }

        // The change of the site's branch, if there is one. If not, any other reading says why nothing is deployed.
        ParsedPush[] readings = [.. changes.Select(change => Judge(wanted, change, url))];
        return readings.FirstOrDefault(reading => reading is ParsedPush.Deploy) ?? readings.FirstOrDefault(reading => reading is ParsedPush.Malformed) ?? readings[0];
    }

    private static ParsedPush Judge(string wanted, JsonFields change, string? url)
    {
        if (change.Element("new") is not { ValueKind: JsonValueKind.Object })
        {
            return new ParsedPush.NoDeployment($"'{change.Part("old").TextOf("name", MaxShown)}' was deleted, so there is nothing to deploy.");
        }

        JsonFields now = change.Part("new");
        JsonFields target = now.Part("target");
        string? reference = now.TextOf("name") is { } name ? (now.TextOf("type") == "tag" ? "refs/tags/" : "refs/heads/") + name : null;
        (string author, string email) = Split(target.Part("author").TextOf("raw") ?? "");
        var head = new HeadCommit(author, email, target.TextOf("message", TextLimit.Message)?.Trim() ?? "");
        return new PushRef(Deployer, reference, target.TextOf("hash")).Judge(wanted, url, "repository.links.html.href", head);
    }

    /// <summary>Splits <c>Ann &lt;ann@example.com&gt;</c> into name and email address.</summary>
    private static (string Name, string Email) Split(string raw)
    {
        int open = raw.LastIndexOf('<');
        return open >= 0 && raw.EndsWith('>') ? (raw[..open].Trim(), raw[(open + 1)..^1].Trim()) : (raw.Trim(), "");
    }
}
