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
        "Forbidden: bot was blocked by the user", "Forbidden: user is deactivated",
    ];

    // Other 400 responses are about the chat, and may change: the bot is not in it yet, or may not write.
    private static readonly string[] Unreadable = ["can't parse entities", "message is too long", "message text is empty"];

    public FormatFacts Facts { get; } = new("telegram", "Telegram")
    {
        LogLines = FormatFacts.MessageLogLines,
        Rate = 20,
        Limits = "4,096 characters, log 1,000",
        Accepts = "2xx without \"ok\": false",
        Refuses = "413, 415 and 422, and 400 if the message cannot be read",
        Ends = "410, the bot was removed or blocked, or the user is deactivated",
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
        // A success repeats the message, so its body may be longer than the part that is kept, which is then no JSON.
        JsonElement body = ServiceRule.Object(answer);
        string? error = answer.Status is >= 200 and <= 299 && ServiceRule.Field(body, "ok").ValueKind != JsonValueKind.False ? null
            : ServiceRule.Text(body, "description") ?? "\"ok\": false";
        Judgement judgement = ServiceRule.Judge(Facts.Service, answer, error, Ends, ServiceRule.Seconds(ServiceRule.Field(body, "parameters"), "retry_after"));
        bool retry = judgement.Disposition == Disposition.Refused && answer.Status == 400 && !Unreadable.Any(word => error!.Contains(word, StringComparison.OrdinalIgnoreCase));
        return retry ? Judgement.TryAgain(judgement.Reason!) : judgement;
    }
}
