using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Client.Json;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// Messages for Discord's webhooks, as an embed. Markdown in text from events is escaped, and no mention notifies anyone. Source: discord.com/developers, "Execute
/// Webhook" and "Embed limits".
/// </summary>
internal sealed class DiscordFormat : IFormat
{
    private const int MaxTitle = 256;
    private const int MaxValue = 1024;
    private const int MaxWhy = 1000;
    private const string UnknownWebhook = "10015";
    private const string InvalidToken = "50027";

    public FormatFacts Facts { get; } = new("discord", "Discord")
    {
        LogLines = FormatFacts.MessageLogLines,
        Rate = 30,
        Limits = "title 256 characters, field 1,024, log 1,000",
        Refuses = ServiceRule.Refusals,
        Ends = "410, codes 10015 (unknown webhook) and 50027 (invalid webhook token)",
        Recognizes = url => (url.Host is "discord.com" or "discordapp.com" or "ptb.discord.com" or "canary.discord.com")
            && url.AbsolutePath.StartsWith("/api/", StringComparison.Ordinal) && url.AbsolutePath.Contains("/webhooks/", StringComparison.Ordinal)
            && !url.AbsolutePath.EndsWith("/slack", StringComparison.Ordinal) && !url.AbsolutePath.EndsWith("/github", StringComparison.Ordinal),
    };

    public Rendered Render(EventContent @event, FormatSettings settings)
    {
        Message message = MessageReader.Read(@event);
        var embed = new JsonObject { ["title"] = MessageText.Cut(Markdown.Escape($"{message.Symbol} {message.Title}"), MaxTitle) };
        string description = Describe(message);
        if (description.Length > 0)
        {
            embed["description"] = description;
        }

        if (message.Url is { } url)
        {
            embed["url"] = url;
        }

        embed["color"] = Color(message.Tone);
        embed["fields"] = new JsonArray([.. message.Facts.Select(fact => new JsonObject
        {
            ["name"] = MessageText.Cut(Markdown.Escape(fact.Label), MaxTitle),
            ["value"] = MessageText.Cut(Markdown.Escape(fact.Value), MaxValue),
            ["inline"] = true,
        })]);
        if (message.Time is { } time)
        {
            embed["timestamp"] = KuduTime.Format(time);
        }

        return Rendered.Of(new JsonObject { ["embeds"] = new JsonArray(embed), ["allowed_mentions"] = new JsonObject { ["parse"] = new JsonArray() } });
    }

    public Judgement Judge(Answer answer)
    {
        JsonElement body = answer.Status is >= 200 and <= 299 ? default : ServiceRule.Object(answer);
        string? code = ServiceRule.Text(body, "code");
        string? error = code is UnknownWebhook or InvalidToken ? code : ServiceRule.Text(body, "message");
        return ServiceRule.Judge(Facts.Service, answer, error, [UnknownWebhook, InvalidToken], ServiceRule.Seconds(body, "retry_after"));
    }

    private static string Describe(Message message)
    {
        string subject = message.Subject.Length > 0 ? $"**{Markdown.Escape(message.Subject)}**" : "";
        string reason = message.Why(MaxWhy) is { Length: > 0 } why ? Markdown.Block(why) : "";
        return subject.Length > 0 && reason.Length > 0 ? subject + "\n" + reason : subject + reason;
    }

    private static int Color(MessageTone tone) => tone switch
    {
        MessageTone.Good => 0x2EB67D,
        MessageTone.Bad => 0xE01E5A,
        MessageTone.Progress => 0x36C5F0,
        _ => 0x8B949E,
    };
}
