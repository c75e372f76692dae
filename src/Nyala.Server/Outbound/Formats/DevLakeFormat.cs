using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Client;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// Deployments for the DORA metrics of Apache DevLake. The URL is the one of an incoming webhook, which ends with <c>/deployments</c>. Source:
/// devlake.apache.org, "Webhook"; the source of DevLake, backend/plugins/webhook.
/// </summary>
internal sealed class DevLakeFormat : IFormat
{
    private const string RepositoryUrl = "repo_url";
    private const string Environment = "environment";
    private const string Production = "PRODUCTION";
    private const string Testing = "TESTING";
    private const string PingId = "nyala:ping";
    private const int MaxRepositoryUrl = 1000;

    // DevLake joins the ids of the deployment and of the commit to one of at most 255 characters.
    private const int MaxCommit = 100;
    private const int MaxText = 255;
    private const int MaxMessage = 1000;
    private const int MaxMessageLines = 50;
    private const int Unauthorized = 401;
    private const int Forbidden = 403;

    public FormatFacts Facts { get; } = new("devlake", "Apache DevLake")
    {
        Limits = "commit message 1,000 characters",
        Refuses = ServiceRule.Refusals,
        Settings =
        [
            new FormatSetting(RepositoryUrl, "the URL of the repository, as DevLake has it")
            {
                IsRequired = true,
                Refuses = text => text.Length is > 0 and <= MaxRepositoryUrl ? null : $"It must have 1 to {MaxRepositoryUrl} characters.",
            },
            new FormatSetting(Environment, "`PRODUCTION` (default), `STAGING`, `TESTING` or `DEVELOPMENT`")
            {
                Refuses = FormatSetting.OneOf(Production, "STAGING", Testing, "DEVELOPMENT"),
            },
        ],
        WrongUrl = url => url.AbsolutePath.EndsWith("/deployments", StringComparison.Ordinal)
            ? null
            : "'url' is not the one of an incoming webhook for deployments. It ends with /deployments.",
        WrongEvent = type => type.Equals(EventTypes.PostDeployment, StringComparison.OrdinalIgnoreCase)
            ? null
            : "DevLake reads only deployments that have ended. Use PostDeployment.",
    };

    public Rendered Render(EventContent @event, FormatSettings settings)
    {
        JsonElement body = Utf8Json.Object(@event.Body.Span);
        string? result = ServiceRule.Text(body, "status") switch { "success" => "SUCCESS", "failed" => "FAILURE", _ => null };
        bool ends = EventTypes.PostDeployment.Equals(@event.Type, StringComparison.OrdinalIgnoreCase) && result is not null;
        return Rendered.Of(
            ends ? Deployment(@event, body, result!, settings)
            : EventTypes.Ping.Equals(@event.Type, StringComparison.OrdinalIgnoreCase) ? Ping(@event, settings)
            : NoDeployment(@event, settings));
    }

    public Judgement Judge(Answer answer)
    {
        string? error = answer.Status is >= 200 and <= 299 ? null : ServiceRule.Text(ServiceRule.Object(answer), "message");
        Judgement judgement = ServiceRule.Judge(Facts.Service, answer, error, []);
        return answer.Status is Unauthorized or Forbidden
            ? Judgement.TryAgain(judgement.Reason + " The hook needs the header Authorization: Bearer <key>, with the API key of the webhook.", judgement.Wait)
            : judgement;
    }

    private static JsonObject Deployment(EventContent @event, JsonElement body, string result, FormatSettings settings)
    {
        Message message = MessageReader.Read(@event);
        string finished = Time(body, "endTime") ?? Text(@event.Time);
        string started = Time(body, "startTime") ?? finished;
        string commit = MessageText.Line(ServiceRule.Text(body, "id"), MaxCommit);
        JsonObject document = Document("nyala:" + @event.Id.ToString(CultureInfo.InvariantCulture), message.Headline, result, settings[Environment] ?? Production, started, finished);
        JsonObject deployed = Commit(commit.Length > 0 ? commit : "unknown", result, settings, started, finished);
        deployed["commitMsg"] = MessageText.Lines(ServiceRule.Text(body, "message"), MaxMessage, MaxMessageLines);
        deployed["refName"] = MessageText.Line(ServiceRule.Text(body, "branch"), MaxText);
        document["deploymentCommits"] = new JsonArray(deployed);
        return document;
    }

    /// <summary>A test of the connection, in an environment that no metric counts. It always has the same id, so DevLake keeps one.</summary>
    private static JsonObject Ping(EventContent @event, FormatSettings settings)
    {
        string time = Text(@event.Time);
        JsonObject document = Document(PingId, "Test message from Nyala", "SUCCESS", Testing, time, time);
        document["deploymentCommits"] = new JsonArray(Commit("ping", "SUCCESS", settings, time, time));
        return document;
    }

    /// <summary>A document without commits, which DevLake refuses, for an event that is no deployment.</summary>
    private static JsonObject NoDeployment(EventContent @event, FormatSettings settings)
    {
        string time = Text(@event.Time);
        return Document("nyala:" + @event.Id.ToString(CultureInfo.InvariantCulture), $"Event {@event.Type}", "SUCCESS", settings[Environment] ?? Production, time, time);
    }

    private static JsonObject Document(string id, string title, string result, string environment, string started, string finished) => new()
    {
        ["id"] = id,
        ["displayTitle"] = MessageText.Cut(title, MaxText),
        ["result"] = result,
        ["environment"] = environment,
        ["createdDate"] = started,
        ["startedDate"] = started,
        ["finishedDate"] = finished,
    };

    private static JsonObject Commit(string commit, string result, FormatSettings settings, string started, string finished) => new()
    {
        ["repoUrl"] = settings[RepositoryUrl],
        ["commitSha"] = commit,
        ["result"] = result,
        ["startedDate"] = started,
        ["finishedDate"] = finished,
    };

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static string? Time(JsonElement body, string name) =>
        ServiceRule.Field(body, name) is { ValueKind: JsonValueKind.String } field && field.TryGetDateTimeOffset(out DateTimeOffset time) ? Text(time) : null;
}
