using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// Messages for ntfy, as plain text. The URL names the topic: <c>https://ntfy.sh/mytopic</c>. The title and the like are headers, encoded as RFC 2047 says.
/// Source: docs.ntfy.sh, "Publishing" and "Limitations".
/// </summary>
internal sealed partial class NtfyFormat : IFormat
{
    private const string Quiet = "3";
    private const string Urgent = "4";
    private const int MaxMessage = 4096;
    private const int MaxLog = 2000;

    // An encoded word has at most 75 characters: 12 around the text, and 4 for each 3 bytes.
    private const int MaxWordBytes = 45;

    public FormatFacts Facts { get; } = new("ntfy", "ntfy")
    {
        LogLines = FormatFacts.MessageLogLines,
        Rate = 12,
        Limits = "4,096 bytes, log 2,000 characters",
        Refuses = ServiceRule.Refusals,
        Recognizes = url => url.Host == "ntfy.sh" && OnlyTopic().IsMatch(url.AbsolutePath),
        WrongUrl = url => Topic().IsMatch(url.AbsolutePath) ? null : "'url' does not name the topic. Add it as the path, for example https://ntfy.sh/mytopic.",
    };

    public Rendered Render(EventContent @event, FormatSettings settings)
    {
        Message message = MessageReader.Read(@event);
        List<CustomHeader> headers =
        [
            new("X-Title", Encoded(message.Title)),
            new("X-Priority", message.Tone == MessageTone.Bad ? Urgent : Quiet),
            new("X-Tags", Tag(message.Tone)),
        ];
        if (message.Url is { } url)
        {
            headers.Add(new CustomHeader("X-Click", url));
        }

        return new Rendered(Encoding.UTF8.GetBytes(Text(message)), "text/plain; charset=utf-8") { Form = new RequestForm { Headers = headers } };
    }

    public Judgement Judge(Answer answer)
    {
        string? error = answer.Status is >= 200 and <= 299 ? null : ServiceRule.Text(ServiceRule.Object(answer), "error");
        return ServiceRule.Judge(Facts.Service, answer, error, []);
    }

    /// <summary>Writes the text with as much of the log as fits. ntfy makes a file of a longer text.</summary>
    private static string Text(Message message)
    {
        string text = "";
        for (int log = MaxLog; log > 0; log /= 2)
        {
            text = MessageLines.Plain(message, log);
            if (Encoding.UTF8.GetByteCount(text) <= MaxMessage)
            {
                // ntfy writes a text of its own for an empty one.
                return text.Length > 0 ? text : message.Title;
            }
        }

        return MessageText.Cut(text, MaxMessage / Encoding.UTF8.GetMaxByteCount(1));
    }

    /// <summary>Encodes text that a header cannot carry. No character is split between two words.</summary>
    private static string Encoded(string text)
    {
        if (Ascii.IsValid(text) && !text.Contains("=?", StringComparison.Ordinal))
        {
            return text;
        }

        var words = new StringBuilder();
        var word = new ArrayBufferWriter<byte>();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (word.WrittenCount + rune.Utf8SequenceLength > MaxWordBytes)
            {
                End();
            }

            word.Advance(rune.EncodeToUtf8(word.GetSpan(4)));
        }

        End();
        return words.ToString();

        void End()
        {
            words.Append(words.Length > 0 ? " " : "").Append("=?UTF-8?B?").Append(Convert.ToBase64String(word.WrittenSpan)).Append("?=");
            word.Clear();
        }
    }

    /// <summary>Returns the short code of the emoji that ntfy shows before the title.</summary>
    private static string Tag(MessageTone tone) => tone switch
    {
        MessageTone.Good => "white_check_mark",
        MessageTone.Bad => "x",
        MessageTone.Progress => "rocket",
        _ => "bell",
    };

    [GeneratedRegex("^/[-_A-Za-z0-9]{1,64}/?$")]
    private static partial Regex OnlyTopic();

    [GeneratedRegex("/[-_A-Za-z0-9]{1,64}/?$")]
    private static partial Regex Topic();
}
