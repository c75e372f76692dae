using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// Messages for Slack's incoming webhooks, as blocks. Text from events is in rich text elements, which Slack does not parse, so it cannot mention anyone, format
/// itself or hide a link. Source: docs.slack.dev, "Sending messages using incoming webhooks" and "Rich text block".
/// </summary>
internal sealed class SlackFormat : IFormat
{
    private const int MaxTitle = 150;
    private const int MaxWhy = 4000;

    private static readonly string[] Ends = ["channel_is_archived", "no_service", "no_active_hooks", "no_team", "team_disabled"];
    private static readonly string[] Unreadable = ["invalid_payload", "invalid_blocks", "invalid_blocks_format", "no_text", "user_not_found"];

    public FormatFacts Facts { get; } = new("slack", "Slack")
    {
        LogLines = FormatFacts.MessageLogLines,
        Rate = 60,
        Limits = "title 150 characters, log 4,000",
        Accepts = "2xx without an error in the body",
        Refuses = ServiceRule.Refusals + ", or " + string.Join(", ", Unreadable),
        Ends = "410, " + string.Join(", ", Ends),
        Recognizes = url => url.Host == "hooks.slack.com" && url.AbsolutePath.StartsWith("/services/", StringComparison.Ordinal),
    };

    public Rendered Render(EventContent @event, FormatSettings settings)
    {
        Message message = MessageReader.Read(@event);
        var blocks = new JsonArray { new JsonObject { ["type"] = "header", ["text"] = Plain($"{message.Symbol} {message.Title}", MaxTitle) } };
        var lines = new JsonArray();
        JsonNode[] texts =
        [
            .. message.Subject.Length > 0 ? [Text(message.Subject + "\n", bold: true)] : Array.Empty<JsonNode>(),
            .. message.Facts.SelectMany(fact => new JsonNode[] { Text(fact.Label + ": ", bold: true), Text(fact.Value + "\n") }),
        ];
        if (texts.Length > 0)
        {
            lines.Add(Section(texts));
        }

        if (message.Why(MaxWhy) is { Length: > 0 } why)
        {
            lines.Add(new JsonObject { ["type"] = "rich_text_preformatted", ["elements"] = new JsonArray(Text(why)) });
        }

        if (message.Url is { } url)
        {
            lines.Add(Section(new JsonObject { ["type"] = "link", ["url"] = url, ["text"] = "Open the deployment" }));
        }

        if (lines.Count > 0)
        {
            blocks.Add(new JsonObject { ["type"] = "rich_text", ["elements"] = lines });
        }

        // Shown in notifications, where Slack parses it.
        string notification = $"{message.Symbol} {message.Title}" + (message.Subject.Length > 0 ? $": {message.Subject}" : "");
        return Rendered.Of(new JsonObject { ["text"] = Escape(notification), ["blocks"] = blocks });
    }

    public Judgement Judge(Answer answer)
    {
        JsonElement body = ServiceRule.Object(answer);
        string said = ServiceRule.Said(answer);
        string? error = body.ValueKind != JsonValueKind.Object ? (answer.Status is >= 200 and <= 299 || said.Length == 0 ? null : said)
            : ServiceRule.Field(body, "ok").ValueKind == JsonValueKind.False ? ServiceRule.Text(body, "error") ?? "an error without a name"
            : null;
        Judgement judgement = ServiceRule.Judge(Facts.Service, answer, error, Ends);
        return judgement.Disposition == Disposition.TryAgain && Unreadable.Contains(error) ? Judgement.Refused(judgement.Reason!) : judgement;
    }

    /// <summary>Escapes the three characters that Slack treats as markup.</summary>
    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static JsonObject Plain(string text, int limit) => new() { ["type"] = "plain_text", ["text"] = MessageText.Cut(text, limit), ["emoji"] = true };

    private static JsonObject Section(params JsonNode[] elements) => new() { ["type"] = "rich_text_section", ["elements"] = new JsonArray(elements) };

    private static JsonObject Text(string text, bool bold = false)
    {
        var element = new JsonObject { ["type"] = "text", ["text"] = text };
        if (bold)
        {
            element["style"] = new JsonObject { ["bold"] = true };
        }

        return element;
    }
}
