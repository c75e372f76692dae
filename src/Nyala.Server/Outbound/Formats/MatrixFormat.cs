using System.Text.Json.Nodes;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// Messages for the inbound webhooks of matrix-hookshot, as text and as HTML. Source: matrix-org.github.io/matrix-hookshot, "Webhooks".
/// </summary>
internal sealed class MatrixFormat : IFormat
{
    private const int MaxLog = 2000;

    public FormatFacts Facts { get; } = new("matrix", "Matrix (hookshot)") { LogLines = FormatFacts.MessageLogLines, Rate = 60, Refuses = ServiceRule.Refusals, Limits = "log 2,000 characters" };

    public Rendered Render(EventContent @event, FormatSettings settings)
    {
        Message message = MessageReader.Read(@event);
        string title = $"{message.Symbol} {message.Title}";
        string rest = MessageLines.Plain(message, MaxLog);

        // Clients that show no HTML read the text as it is, but find mentions in it.
        return Rendered.Of(new JsonObject
        {
            ["text"] = MessageText.WithoutMentions((rest.Length > 0 ? title + "\n" + rest : title) + (message.Url is { } url ? "\n" + url : "")),
            ["html"] = MessageLines.Html(message, MaxLog, text => Html.Escape(MessageText.WithoutMentions(text)), "<br>"),
            ["username"] = "Nyala",
        });
    }

    public Judgement Judge(Answer answer)
    {
        string? error = answer.Status is >= 200 and <= 299 ? null : ServiceRule.Text(ServiceRule.Object(answer), "error");
        return ServiceRule.Judge(Facts.Service, answer, error, []);
    }
}
