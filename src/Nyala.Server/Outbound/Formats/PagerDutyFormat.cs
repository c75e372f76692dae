using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// Alerts for PagerDuty: a failure triggers an incident, and the next success of the same site resolves it. Source: developer.pagerduty.com, "Events API v2".
/// </summary>
internal sealed class PagerDutyFormat : IFormat
{
    private const string RoutingKey = "routing_key";
    private const int KeyLength = 32;
    private const int MaxSummary = 1024;
    private const int MaxWhy = 4000;

    public FormatFacts Facts { get; } = new("pagerduty", "PagerDuty")
    {
        LogLines = FormatFacts.MessageLogLines,
        Rate = 60,
        Limits = "summary 1,024 characters, log 4,000",
        Accepts = "2xx, usually 202",
        Refuses = ServiceRule.Refusals,
        Settings =
        [
            new FormatSetting(RoutingKey, "the integration key of a service, 32 characters")
            {
                IsRequired = true,
                IsSecret = true,
                Refuses = key => key.Length == KeyLength && key.All(char.IsAsciiLetterOrDigit) ? null : "It must be 32 letters and digits.",
            },
        ],
        Recognizes = url => url.Host is "events.pagerduty.com" or "events.eu.pagerduty.com" && url.AbsolutePath == "/v2/enqueue",
        WrongUrl = url => url.AbsolutePath.EndsWith("/v2/enqueue", StringComparison.Ordinal)
            ? null
            : "'url' is not the one of PagerDuty's events. Use https://events.pagerduty.com/v2/enqueue, or https://events.eu.pagerduty.com/v2/enqueue.",
        WrongEvent = Alert.RefusesEvent,
    };

    public Rendered Render(EventContent @event, FormatSettings settings)
    {
        Message message = MessageReader.Read(@event);
        var alert = Alert.Of(@event, message);
        var body = new JsonObject { ["routing_key"] = settings[RoutingKey], ["event_action"] = alert.Opens ? "trigger" : "resolve", ["dedup_key"] = alert.Key };
        if (alert.Opens)
        {
            body["payload"] = Payload(@event, message, alert);
            body["client"] = "Nyala";
            if (message.Url is { } url)
            {
                body["client_url"] = url;
                body["links"] = new JsonArray(new JsonObject { ["href"] = url, ["text"] = "Open the deployment" });
            }
        }

        return Rendered.Of(body);
    }

    public Judgement Judge(Answer answer)
    {
        JsonElement body = answer.Status is >= 200 and <= 299 ? default : ServiceRule.Object(answer);
        return ServiceRule.Judge(Facts.Service, answer, Error(body), []);
    }

    private static JsonObject Payload(EventContent @event, Message message, Alert alert)
    {
        var details = new JsonObject();
        foreach (MessageFact fact in message.Facts)
        {
            details[fact.Label] = fact.Value;
        }

        if (message.Why(MaxWhy) is { Length: > 0 } why)
        {
            details["Why"] = why;
        }

        string site = message.Site.Length > 0 ? message.Site : @event.Site;
        return new JsonObject
        {
            ["summary"] = MessageText.Cut(message.Headline, MaxSummary),
            ["source"] = site.Length > 0 ? site : "Nyala",
            ["severity"] = alert.IsFailure ? "error" : "warning",
            ["timestamp"] = (message.Time ?? @event.Time).UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["class"] = @event.Type,
            ["custom_details"] = details,
        };
    }

    /// <summary>Returns the service's message and the first of its errors; null if the body has none.</summary>
    private static string? Error(JsonElement body)
    {
        JsonElement errors = ServiceRule.Field(body, "errors");
        string? first = errors.ValueKind == JsonValueKind.Array && errors.GetArrayLength() > 0 && errors[0].ValueKind == JsonValueKind.String ? errors[0].ToString() : null;
        string? text = ServiceRule.Text(body, "message");
        return text is null ? first : first is null ? text : $"{text}: {first}";
    }
}
