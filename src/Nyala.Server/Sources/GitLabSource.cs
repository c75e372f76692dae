using Nyala.Server.Http;

namespace Nyala.Server.Sources;

/// <summary>Reads a push from a webhook of GitLab: https://docs.gitlab.com/user/project/integrations/webhook_events/#push-events</summary>
internal static class GitLabSource
{
    private const string Deployer = "GitlabHQ";

    // The first stays the same if a delivery is retried. Older servers send only the second.
    private static readonly string[] DeliveryHeaders = ["Idempotency-Key", "X-Gitlab-Event-UUID"];

    public static ParsedPush Read(PushRequest request)
    {
        JsonFields fields = request.Fields;
        string? kind = fields.TextOf("object_kind") ?? fields.TextOf("event_name");

        // The oldest form names no kind. It is the only form that has a user id beside the user name.
        bool old = kind is null && fields.Has("user_id") && fields.Has("user_name") && fields.Has("repository");
        if (request.Header("X-Gitlab-Event") is null && !old && !(kind is not null && fields.Has("project")))
        {
            return new ParsedPush.NotRecognized();
        }

        return kind switch
        {
            null or "push" => Push(request),
            "tag_push" => new ParsedPush.NoDeployment("A tag was pushed, but only branches are deployed."),
            _ => new ParsedPush.NoDeployment("This GitLab event deploys nothing. Only push events do."),
        };
    }

    private static ParsedPush Push(PushRequest request)
    {
        JsonFields fields = request.Fields;
        JsonFields project = fields.Part("project");
        JsonFields repository = fields.Part("repository");
        var pushed = new PushRef(Deployer, fields.TextOf("ref"), fields.TextOf("after") ?? fields.TextOf("checkout_sha"));
        string? url = project.TextOf("git_http_url") ?? project.TextOf("http_url") ?? repository.TextOf("git_http_url");
        return pushed.Judge(request.Branch, url, "project.git_http_url", Head(fields, pushed.Commit)).WithDeliveryId(request, DeliveryHeaders);
    }

    private static HeadCommit Head(JsonFields fields, string? commit)
    {
        JsonFields[] found = [.. fields.Items("commits").Select(item => PayloadReader.Part(item)).Where(item => item.TextOf("id") == commit).Take(1)];

        // Of more than twenty commits, GitLab sends only some, and the pushed commit may not be among them.
        return found is [JsonFields head] ? HeadCommit.Of(head) : new HeadCommit(fields.TextOf("user_name") ?? "", fields.TextOf("user_email") ?? "", "");
    }
}
