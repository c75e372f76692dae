using System.Text;

namespace Nyala.Server.Outbound.Messages;

/// <summary>
/// Writes messages as HTML for mail. Mail clients know little CSS and drop style sheets, so styles stand on the elements, and tables make the columns. Pure.
/// </summary>
internal static class MailHtml
{
    private const string Font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
    private const string Code = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace";

    /// <summary>Writes a message as a block.</summary>
    public static string Of(Message message, int maxLog)
    {
        var html = new StringBuilder();
        html.Append($"<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" style=\"border-collapse:collapse;margin:0 0 24px;{Font}\"><tr>")
            .Append($"<td style=\"border-left:4px solid {Color(message.Tone)};padding:4px 0 4px 16px\">")
            .Append($"<h2 dir=\"auto\" style=\"margin:0 0 6px;font-size:18px;line-height:1.3\">{message.Symbol} {Html.Escape(message.Title)}</h2>\n");
        if (message.Subject.Length > 0)
        {
            html.Append($"<p dir=\"auto\" style=\"margin:0 0 12px;font-size:15px;line-height:1.4\">{Html.Escape(message.Subject)}</p>\n");
        }

        if (message.Facts.Count > 0)
        {
            html.Append("<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" style=\"margin:0 0 12px;font-size:14px;line-height:1.5\">");
            foreach (MessageFact fact in message.Facts)
            {
                html.Append($"<tr><td style=\"padding:0 16px 0 0;color:#767676;vertical-align:top\">{Html.Escape(fact.Label)}</td><td dir=\"auto\">{Html.Escape(fact.Value)}</td></tr>\n");
            }

            html.Append("</table>");
        }

        if (message.Why(maxLog) is { Length: > 0 } why)
        {
            html.Append($"<pre dir=\"auto\" style=\"margin:0 0 12px;padding:12px;border:1px solid #d0d0d0;border-radius:6px;white-space:pre-wrap;word-break:break-word;font-size:12px;line-height:1.5;{Code}\">{Html.Escape(why)}</pre>\n");
        }

        if (message.Url is { } url)
        {
            html.Append($"<p style=\"margin:0;font-size:14px\"><a href=\"{Html.Escape(url)}\" style=\"color:#0b63c5\">Open the deployment</a></p>\n");
        }

        return html.Append("</td></tr></table>\n").ToString();
    }

    /// <summary>Writes a whole document of a list and of blocks.</summary>
    /// <param name="list">The lines of the list, if it has any.</param>
    /// <param name="blocks">The blocks that <see cref="Of"/> wrote.</param>
    public static string Document(IReadOnlyList<string> list, IEnumerable<string> blocks)
    {
        var html = new StringBuilder("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"></head>\n");
        html.Append($"<body style=\"margin:0;padding:24px;{Font}\"><div style=\"max-width:640px;margin:0 auto\">\n");
        if (list.Count > 0)
        {
            html.Append("<ul style=\"margin:0 0 24px;padding:0 0 0 20px;font-size:15px;line-height:1.5\">").AppendJoin("", list.Select(line => $"<li dir=\"auto\">{Html.Escape(line)}</li>\n")).Append("</ul>");
        }

        return html.AppendJoin("", blocks).Append("</div></body></html>").ToString();
    }

    private static string Color(MessageTone tone) => tone switch
    {
        MessageTone.Good => "#2e7d32",
        MessageTone.Bad => "#c62828",
        MessageTone.Progress => "#1565c0",
        _ => "#757575",
    };
}
