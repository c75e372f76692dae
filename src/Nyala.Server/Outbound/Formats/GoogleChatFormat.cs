using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// Messages for the incoming webhooks of Google Chat, as a card. Text in a card mentions no one; its few HTML tags are escaped. Source: developers.google.com,
/// "Cards v2" and "Create messages".
/// </summary>
internal sealed class GoogleChatFormat : IFormat
{
    private const int MaxWhy = 2500;

    public FormatFacts Facts { get; } = new("googlechat", "Google Chat")
    {
        LogLines = FormatFacts.MessageLogLines,
        Rate = 60,
        Limits = "32,000 bytes, log 2,500 characters",
        Refuses = ServiceRule.Refusals,
        Recognizes = url => url.Host == "chat.googleapis.com" && url.AbsolutePath.StartsWith("/v1/spaces/", StringComparison.Ordinal),
    };

    public Rendered Render(EventContent @event, FormatSettings settings)
    {
        Message message = MessageReader.Read(@event);
        var widgets = new JsonArray();
        if (message.Subject.Length > 0)
        {
            widgets.Add(Paragraph($"<b>{Html.Escape(message.Subject)}</b>"));
        }

        foreach (MessageFact fact in message.Facts)
        {
            widgets.Add(new JsonObject { ["decoratedText"] = new JsonObject { ["topLabel"] = fact.Label, ["text"] = Html.Escape(fact.Value) } });
        }

        if (message.Why(MaxWhy) is { Length: > 0 } why)
        {
            widgets.Add(Paragraph(string.Join("<br>", why.Split('\n').Select(line => Html.Escape(MessageText.WithSpaces(line))))));
        }

        if (message.Url is { } url)
        {
            var open = new JsonObject { ["text"] = "Open the deployment", ["onClick"] = new JsonObject { ["openLink"] = new JsonObject { ["url"] = url } } };
            widgets.Add(new JsonObject { ["buttonList"] = new JsonObject { ["buttons"] = new JsonArray(open) } });
        }

        var card = new JsonObject { ["header"] = new JsonObject { ["title"] = $"{message.Symbol} {message.Title}" } };
        if (widgets.Count > 0)
        {
            card["sections"] = new JsonArray(new JsonObject { ["widgets"] = widgets });
        }

        return Rendered.Of(new JsonObject { ["cardsV2"] = new JsonArray(new JsonObject { ["cardId"] = "deployment", ["card"] = card }) });
    }

    public Judgement Judge(Answer answer)
    {
        JsonElement body = answer.Status is >= 200 and <= 299 ? default : ServiceRule.Object(answer);
        return ServiceRule.Judge(Facts.Service, answer, ServiceRule.Text(ServiceRule.Field(body, "error"), "message"), []);
    }

    private static JsonObject Paragraph(string html) => new() { ["textParagraph"] = new JsonObject { ["text"] = html } };
}
