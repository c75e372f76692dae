using Nyala.Server.Http;

namespace Nyala.Server.Sources;

/// <summary>
/// Reads a push from a webhook of GitHub, or of Gitea, Forgejo and Gogs, which send the same form:
/// https://docs.github.com/webhooks/webhook-events-and-payloads#push
/// </summary>
internal static class GitHubSource
{
    private const string Deployer = "GitHub";

    /// <summary>Kudu's name for a sender of GitHub's form that does not identify itself as GitHub.</summary>
    private const string OtherDeployer = "External Provider";

    // Gitea and Forgejo send several of these with the same value; Gogs sends only its own.
    private static readonly string[] DeliveryHeaders = ["X-GitHub-Delivery", "X-Gitea-Delivery", "X-Forgejo-Delivery", "X-Gogs-Delivery"];

    public static ParsedPush Read(PushRequest request)
    {
        string? told = request.Header("X-GitHub-Event");
        JsonFields repository = request.Fields.Part("repository");
        bool looksLikeIt = request.Fields.TextOf("ref") is not null && request.Fields.Has("after") && request.Fields.Has("repository");
        if (told is null && !looksLikeIt)
        {
            return new ParsedPush.NotRecognized();
        }

        switch (told)
        {
            case null or "push":
                var pushed = new PushRef(told is null ? OtherDeployer : Deployer, request.Fields.TextOf("ref"), request.Fields.TextOf("after"));
                return pushed
                    .Judge(request.Branch, repository.TextOf("clone_url") ?? repository.TextOf("url"), "repository.clone_url", Head(request.Fields, pushed.Commit))
                    .WithDeliveryId(request, DeliveryHeaders);
            case "ping":
                return new ParsedPush.NoDeployment("The ping was received. Pushes to this repository reach the site.");
            default:
                return new ParsedPush.NoDeployment("This GitHub event deploys nothing. Only 'push' does.");
        }
    }

    private static HeadCommit Head(JsonFields fields, string? commit)
    {
        if (fields.Element("head_commit") is { ValueKind: System.Text.Json.JsonValueKind.Object } head)
        {
            return HeadCommit.Of(new JsonFields(head));
        }

        // The oldest forms of Gitea and Gogs have only the list of commits, with the newest first or last.
        JsonFields[] commits = [.. fields.Items("commits").Select(item => PayloadReader.Part(item)).Where(item => item.TextOf("id") == commit).Take(1)];
        return commits is [JsonFields found] ? HeadCommit.Of(found) : new HeadCommit("", "", "");
    }
}
