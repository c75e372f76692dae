using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// Messages for Rocket.Chat's incoming webhooks. Everything but the title is in a code block or in a title of an attachment, because the web client and the apps
/// parse all other text, each in another way. Source: docs.rocket.chat, "Incoming webhooks"; the source of Rocket.Chat, packages/message-parser.
/// </summary>
internal sealed class RocketChatFormat : IFormat
{
    private const int MaxWhy = 4000;
    private const char ZeroWidthSpace = '\u200B';
    private const string Unknown = "Invalid integration id or token provided.";

    // Every other error with 400 is about the destination or the server's state, and may change.
    private const string TooLong = "error-message-size-exceeded";

    public FormatFacts Facts { get; } = new("rocketchat", "Rocket.Chat")
    {
        LogLines = FormatFacts.MessageLogLines,
        Rate = 10,
        Limits = "log 4,000 characters",
        Accepts = "2xx without \"success\": false",
        Refuses = "413, 415 and 422, and 400 with " + TooLong,
        Ends = "410, " + Unknown,
    };

    public Rendered Render(EventContent @event, FormatSettings settings)
    {
        Message message = MessageReader.Read(@event);
        var attachment = new JsonObject { ["color"] = Color(message.Tone) };
        string title = message.Subject.Length > 0 ? message.Subject : message.Url is null ? "" : "Open the deployment";
        if (title.Length > 0)
        {
            attachment["title"] = MessageText.WithoutMentions(title);
        }

        if (message.Url is { } url)
        {
            attachment["title_link"] = url;
        }

        if (MessageLines.Plain(message with { Subject = "" }, MaxWhy) is { Length: > 0 } text)
        {
            attachment["text"] = Markdown.Block(text);
        }

        var body = new JsonObject { ["text"] = Escape($"{message.Symbol} {message.Title}") };
        if (attachment.Count > 1)
        {
            body["attachments"] = new JsonArray(attachment);
        }

        return Rendered.Of(body);
    }

    public Judgement Judge(Answer answer)
    {
        JsonElement body = ServiceRule.Object(answer);
        bool failed = ServiceRule.Field(body, "success").ValueKind == JsonValueKind.False;
        string? error = ServiceRule.Text(body, "error") ?? (failed ? "\"success\": false" : null);
        Judgement judgement = ServiceRule.Judge(Facts.Service, answer, answer.Status is >= 200 and <= 299 && !failed ? null : error, [Unknown]);
        return judgement.Disposition == Disposition.Refused && answer.Status == 400 && error?.Contains(TooLong, StringComparison.Ordinal) != true
            ? Judgement.TryAgain(judgement.Reason!)
            : judgement;
    }

    /// <summary>
    /// Escapes text for the message itself. A backslash escapes what Rocket.Chat formats; an invisible character breaks what no backslash escapes, which is
    /// mentions, links, emoji codes and formulas.
    /// </summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (char letter in text)
        {
            escaped.Append(letter is '*' or '_' or '~' or '`' or '#' ? "\\" : "").Append(letter);
            if (letter is '@' or '#' or '[' or ']' or '<' or '>' or '!' or ':' or '$' or '|' or '\\')
            {
                escaped.Append(ZeroWidthSpace);
            }
        }

        return escaped.ToString();
    }

    private static string Color(MessageTone tone) => tone switch
    {
        MessageTone.Good => "#2EB67D",
        MessageTone.Bad => "#E01E5A",
        MessageTone.Progress => "#36C5F0",
        _ => "#8B949E",
    };
}
