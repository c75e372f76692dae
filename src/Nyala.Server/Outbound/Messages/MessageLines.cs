using System.Text;

namespace Nyala.Server.Outbound.Messages;

/// <summary>Writes messages as lines of text, for services without cards. Pure.</summary>
internal static class MessageLines
{
    /// <summary>Writes everything but the title and the link as plain text, with at most <paramref name="maxLog"/> characters of the log.</summary>
    public static string Plain(Message message, int maxLog)
    {
        var text = new StringBuilder(message.Subject);
        foreach (MessageFact fact in message.Facts)
        {
            Line(text, $"{fact.Label}: {fact.Value}");
        }

        return Line(text, message.Why(maxLog)).ToString();
    }

    /// <summary>Writes the whole message as HTML. Its lines end with <paramref name="lineEnd"/>, and code is in a <c>pre</c>.</summary>
    /// <param name="message">The message.</param>
    /// <param name="maxLog">The maximum number of characters of the log.</param>
    /// <param name="escape">Escapes text from the event.</param>
    /// <param name="lineEnd">The line end outside code.</param>
    public static string Html(Message message, int maxLog, Func<string, string> escape, string lineEnd)
    {
        var html = new StringBuilder($"{message.Symbol} <b>{escape(message.Title)}</b>");
        if (message.Subject.Length > 0)
        {
            html.Append(lineEnd).Append(escape(message.Subject));
        }

        foreach (MessageFact fact in message.Facts)
        {
            html.Append(lineEnd).Append($"<i>{escape(fact.Label)}:</i> {escape(fact.Value)}");
        }

        if (message.Why(maxLog) is { Length: > 0 } why)
        {
            html.Append(lineEnd == "\n" ? lineEnd : "").Append($"<pre>{Messages.Html.Escape(why)}</pre>");
        }

        if (message.Url is { } url)
        {
            html.Append(lineEnd).Append($"<a href=\"{Messages.Html.Escape(url)}\">Open the deployment</a>");
        }

        return html.ToString();
    }

    private static StringBuilder Line(StringBuilder text, string line) => line.Length == 0 ? text : text.Append(text.Length > 0 ? "\n" : "").Append(line);
}
