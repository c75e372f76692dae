using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// Messages for Mattermost's incoming webhooks, as an attachment. Markdown and mentions in text from events are escaped. Source: developers.mattermost.com,
/// "Incoming webhooks" and "Message attachments".
/// </summary>
internal sealed class MattermostFormat : IFormat
{
    private const int MaxWhy = 4000;

    // The server also responds with this if it cannot read its database.
    private const string UnknownWebhook = "web.incoming_webhook.invalid.app_error";

    public FormatFacts Facts { get; } = new("mattermost", "Mattermost")
    {
        LogLines = FormatFacts.MessageLogLines,
        Rate = 60,
        Limits = "16,383 characters, log 4,000",
        Refuses = ServiceRule.Refusals + ", except " + UnknownWebhook,
    };

    public Rendered Render(EventContent @event, FormatSettings settings)
    {
        Message message = MessageReader.Read(@event);
        string title = $"{message.Symbol} {message.Title}";
        string plain = MessageText.WithoutMentions(title);

        // A title with a link is shown as plain text.
        var attachment = new JsonObject { ["fallback"] = plain, ["color"] = Color(message.Tone), ["title"] = message.Url is null ? Markdown.Escape(title) : plain };
        if (message.Url is { } url)
        {
            attachment["title_link"] = url;
        }

        string text = (message.Subject.Length > 0 ? $"**{Markdown.Escape(message.Subject)}**\n" : "")
            + (message.Why(MaxWhy) is { Length: > 0 } why ? Markdown.Block(why) : "");
        if (text.Length > 0)
        {
            attachment["text"] = text.TrimEnd('\n');
        }

        attachment["fields"] = new JsonArray([.. message.Facts.Select(fact => new JsonObject
        {
            ["title"] = MessageText.WithoutMentions(fact.Label),
            ["value"] = Markdown.Escape(fact.Value),
            ["short"] = true,
        })]);
        return Rendered.Of(new JsonObject { ["attachments"] = new JsonArray(attachment) });
    }

    public Judgement Judge(Answer answer)
    {
        JsonElement body = answer.Status is >= 200 and <= 299 ? default : ServiceRule.Object(answer);
        Judgement judgement = ServiceRule.Judge(Facts.Service, answer, ServiceRule.Text(body, "message"), []);
        return ServiceRule.Text(body, "id") == UnknownWebhook ? Judgement.TryAgain(judgement.Reason!) : judgement;
    }

    private static string Color(MessageTone tone) => tone switch
    {
        MessageTone.Good => "#2EB67D",
        MessageTone.Bad => "#E01E5A",
        MessageTone.Progress => "#36C5F0",
        _ => "#8B949E",
    };
}
