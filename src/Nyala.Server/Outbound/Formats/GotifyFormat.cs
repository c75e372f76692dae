using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// Messages for Gotify, as plain text. The URL is <c>https://…/message?token=…</c>, with the token of an application. Source: gotify.net, "Push messages" and
/// "Message extras".
/// </summary>
internal sealed class GotifyFormat : IFormat
{
    // Android shows messages from 4 with a sound, and from 8 as pressing.
    private const int Quiet = 4;
    private const int Urgent = 8;
    private const int MaxLog = 1000;

    public FormatFacts Facts { get; } = new("gotify", "Gotify") { LogLines = FormatFacts.MessageLogLines, Refuses = ServiceRule.Refusals, Limits = "log 1,000 characters" };

    public Rendered Render(EventContent @event, FormatSettings settings)
    {
        Message message = MessageReader.Read(@event);
        string text = MessageLines.Plain(message, MaxLog);
        var extras = new JsonObject { ["client::display"] = new JsonObject { ["contentType"] = "text/plain" } };
        if (message.Url is { } url)
        {
            extras["client::notification"] = new JsonObject { ["click"] = new JsonObject { ["url"] = url } };
        }

        return Rendered.Of(new JsonObject
        {
            ["title"] = $"{message.Symbol} {message.Title}",
            ["message"] = text.Length > 0 ? text : message.Title,
            ["priority"] = message.Tone == MessageTone.Bad ? Urgent : Quiet,
            ["extras"] = extras,
        });
    }

    public Judgement Judge(Answer answer)
    {
        JsonElement body = answer.Status is >= 200 and <= 299 ? default : ServiceRule.Object(answer);
        return ServiceRule.Judge(Facts.Service, answer, ServiceRule.Text(body, "errorDescription"), []);
    }
}
