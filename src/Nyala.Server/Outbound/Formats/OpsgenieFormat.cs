using System.Text.Json.Nodes;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// Alerts for Opsgenie and for Jira Service Management, whose API is the same: a failure opens an alert, and the next success of the same site closes it. The
/// hook's own header carries the API key. Source: docs.opsgenie.com, "Alert API"; developer.atlassian.com, "JSM Operations API", "Integration events".
/// </summary>
internal sealed class OpsgenieFormat : IFormat
{
    private const int MaxMessage = 130;
    private const int MaxDescription = 15_000;
    private const int MaxLog = 4000;
    private const int Unauthorized = 401;
    private const int Forbidden = 403;

    public FormatFacts Facts { get; } = new("opsgenie", "Opsgenie, Jira Service Management")
    {
        LogLines = FormatFacts.MessageLogLines,
        Rate = 60,
        Limits = "message 130 characters, description 15,000, log 4,000",
        Accepts = "2xx, usually 202",
        Refuses = ServiceRule.Refusals,
        Recognizes = url => (url.Host is "api.opsgenie.com" or "api.eu.opsgenie.com" && url.AbsolutePath == "/v2/alerts")
            || (url.Host == "api.atlassian.com" && url.AbsolutePath == "/jsm/ops/integration/v2/alerts"),
        WrongUrl = url => url.AbsolutePath.EndsWith("/v2/alerts", StringComparison.Ordinal)
            ? null
            : "'url' is not the one of an alert API. Use https://api.opsgenie.com/v2/alerts, https://api.eu.opsgenie.com/v2/alerts, or https://api.atlassian.com/jsm/ops/integration/v2/alerts.",
        WrongEvent = Alert.RefusesEvent,
    };

    public Rendered Render(EventContent @event, FormatSettings settings)
    {
        Message message = MessageReader.Read(@event);
        var alert = Alert.Of(@event, message);
        if (!alert.Opens)
        {
            return Rendered.Of(new JsonObject { ["source"] = "Nyala", ["note"] = WithoutTags(message.Title) }) with
            {
                Form = new RequestForm { Path = $"/{Uri.EscapeDataString(alert.Key)}/close?identifierType=alias" },
            };
        }

        string text = MessageLines.Plain(message, MaxLog) + (message.Url is { } url ? "\n" + url : "");
        var body = new JsonObject
        {
            ["message"] = MessageText.Cut(WithoutTags(message.Headline), MaxMessage),
            ["alias"] = alert.Key,
            ["description"] = MessageText.Cut(WithoutTags(text.Length > 0 ? text : message.Title), MaxDescription),
            ["source"] = "Nyala",
            ["priority"] = alert.IsFailure ? "P2" : "P3",
        };
        if (message.Site.Length > 0)
        {
            body["entity"] = message.Site;
        }

        return Rendered.Of(body);
    }

    public Judgement Judge(Answer answer)
    {
        string? error = answer.Status is >= 200 and <= 299 ? null : ServiceRule.Text(ServiceRule.Object(answer), "message");
        Judgement judgement = ServiceRule.Judge(Facts.Service, answer, error, []);
        return answer.Status is Unauthorized or Forbidden
            ? Judgement.TryAgain(judgement.Reason + " The hook needs the header Authorization: GenieKey <key>, with the key of an API integration.", judgement.Wait)
            : judgement;
    }

    /// <summary>Makes tags ineffective: the web page reads HTML, while push messages and calls show it as it is.</summary>
    private static string WithoutTags(string text) => text.Replace("<", "<\u200B", StringComparison.Ordinal);
}
