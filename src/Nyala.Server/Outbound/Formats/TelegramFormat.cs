using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// Messages for Telegram's bot API, as HTML. The URL names the bot and the chat: <c>https://api.telegram.org/bot…/sendMessage?chat_id=…</c>. Source:
/// core.telegram.org/bots/api, "sendMessage" and "HTML style".
/// </summary>
internal sealed class TelegramFormat : IFormat
{
    private const int MaxLog = 1000;

    private static readonly string[] Ends =
    [
        "Forbidden: bot was kicked from the group chat", "Forbidden: bot was kicked from the supergroup chat", "Forbidden: bot was kicked from the channel chat",
        "Forbidden: bot was blocked by the user", "Forbidden: user is deactivated", "Bad Request: chat not found",
    ];

    public FormatFacts Facts { get; } = new("telegram", "Telegram")
    {
        Rate = 20,
        Limits = "4,096 characters, log 1,000",
        Accepts = "2xx with \"ok\": true",
        Refuses = ServiceRule.Refusals,
        Ends = "410, the bot was removed from the chat, or the chat does not exist",
        Recognizes = url => url.Host == "api.telegram.org" && url.AbsolutePath.StartsWith("/bot", StringComparison.Ordinal)
            && url.AbsolutePath.EndsWith("/sendMessage", StringComparison.OrdinalIgnoreCase),
        WrongUrl = url => url.Query.Contains("chat_id=", StringComparison.Ordinal)
            ? null
            : "'url' does not name the chat. Add ?chat_id= with the id or the @name of the chat.",
    };

    public Rendered Render(EventContent @event, FormatSettings settings) => Rendered.Of(new JsonObject
    {
        ["text"] = MessageLines.Html(MessageReader.Read(@event), MaxLog, text => Html.Escape(MessageText.WithoutMentions(text)), "\n"),
        ["parse_mode"] = "HTML",
        ["link_preview_options"] = new JsonObject { ["is_disabled"] = true },
    });

    public Judgement Judge(Answer answer)
    {
        JsonElement body = ServiceRule.Object(answer);
        bool ok = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("ok", out JsonElement said) && said.ValueKind == JsonValueKind.True;
        string? error = ok ? null : ServiceRule.Text(body, "description") ?? (answer.Status is >= 200 and <= 299 ? "no \"ok\": true" : null);
        TimeSpan? wait = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("parameters", out JsonElement parameters) ? ServiceRule.Seconds(parameters, "retry_after") : null;
        return ServiceRule.Judge(Facts.Service, answer, error, Ends, wait);
    }
}
