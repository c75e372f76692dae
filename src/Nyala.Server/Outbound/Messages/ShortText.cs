namespace Nyala.Server.Outbound.Messages;

/// <summary>Writes messages for services with room for a sentence or two: text messages, calls and posts. Pure.</summary>
internal static class ShortText
{
    /// <summary>Writes a message as a few lines.</summary>
    public static string Of(Message message, int limit)
    {
        string[] lines = [message.Title, message.Subject, Why(message)];
        string text = MessageText.Cut(string.Join('\n', lines.Where(line => line.Length > 0)), limit);
        return message.Url is { } url && text.Length + 1 + url.Length <= limit ? $"{text}\n{url}" : text;
    }

    /// <summary>Writes a message as sentences that can be spoken: without ids, times and links.</summary>
    public static string Spoken(Message message, int limit)
    {
        bool isChange = message.Author.Length > 0 && message.Subject.Length > 0;
        string[] sentences = [message.Title, isChange ? $"The change by {message.Author} is: {message.Subject}" : message.Subject, Why(message)];
        return MessageText.Cut(string.Join(' ', sentences.Where(sentence => sentence.Length > 0).Select(Sentence)), limit);
    }

    /// <summary>Returns the first line of the reason, or the last line of the log.</summary>
    private static string Why(Message message) => message.Reason.Length > 0 ? message.Reason.Split('\n')[0] : message.Log.Count > 0 ? message.Log[^1] : "";

    private static string Sentence(string text) => text[^1] is '.' or '!' or '?' or '…' ? text : text + ".";
}
