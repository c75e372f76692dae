using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Nyala.Server.Outbound.Channels;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// Posts on X. The URL is <c>https://api.x.com/2/tweets</c>. X refuses a post that repeats an earlier one, so each names its time and its commit: an attempt that is refused as a
/// repetition was posted before, although its answer was lost. Source: docs.x.com, "Create Post" and "Counting characters".
/// </summary>
internal sealed partial class XFormat : IFormat
{
    private const int MaxWeight = 280;

    // X counts every link as 23 characters, whatever its length, and reads words with a dot as links.
    private const int LinkWeight = 23;

    public FormatFacts Facts { get; } = new("x", "X")
    {
        Account = AccountKind.X,
        Rate = 1,
        Limits = "280 characters, as X counts them",
        Accepts = "2xx, and 403 for a repeated post",
        Refuses = ServiceRule.Refusals,
        Recognizes = url => url.Host is "api.x.com" or "api.twitter.com" && url.AbsolutePath == "/2/tweets",
    };

    public Rendered Render(EventContent @event, FormatSettings settings)
    {
        Message message = MessageReader.Read(@event);
        string id = message.Facts.FirstOrDefault(fact => fact.Label == "Commit").Value ?? @event.Id.ToString(CultureInfo.InvariantCulture);
        string mark = string.Create(CultureInfo.InvariantCulture, $"\n{(message.Time ?? @event.Time).ToUniversalTime():yyyy-MM-dd HH:mm:ss} UTC · {id}");

        // The deployment's page is not for the public, so there is no link.
        string what = $"{message.Symbol} {message.Title}{(message.Subject.Length > 0 ? $"\n{message.Subject}" : "")}";
        return Rendered.Of(new JsonObject { ["text"] = Cut(what, MaxWeight - mark.Length) + mark });
    }

    public Judgement Judge(Answer answer)
    {
        JsonElement body = ServiceRule.Object(answer);
        string? detail = ServiceRule.Text(body, "detail") ?? ServiceRule.Text(body, "title");
        if (answer.Status == 403 && detail?.Contains("duplicate", StringComparison.OrdinalIgnoreCase) == true)
        {
            return Judgement.Accepted;
        }

        Judgement judgement = ServiceRule.Judge(Facts.Service, answer, answer.Status is >= 200 and <= 299 ? null : detail, []);
        return answer.Status is 401 or 403 ? Judgement.AccountFault(judgement.Reason!) : judgement;
    }

    /// <summary>Returns the weight of a text. Characters outside the Latin, Greek, Cyrillic, Hebrew and Arabic blocks count twice. It is never below X's own count.</summary>
    public static int Weight(string text) => WeightOfAll(text)
        + Domain().Matches(text).Select(domain => Math.Max(0, LinkWeight - WeightOfAll(domain.Value))).Sum();

    private static int WeightOfAll(string text) =>
        text.EnumerateRunes().Sum(rune => rune.Value <= 0x10FF || rune.Value is >= 0x2000 and <= 0x200D or >= 0x2010 and <= 0x201F or >= 0x2032 and <= 0x2037 ? 1 : 2);

    // Whatever could be the name of a host.
    [GeneratedRegex(@"[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+")]
    private static partial Regex Domain();

    /// <summary>Cuts a text to a weight, and breaks its mentions.</summary>
    private static string Cut(string text, int room)
    {
        int limit = text.Length;
        string cut = MessageText.WithoutMentions(text);
        while (Weight(cut) > room)
        {
            limit -= Math.Max(1, (Weight(cut) - room) / 4);
            cut = MessageText.WithoutMentions(MessageText.Cut(text, limit));
        }

        return cut;
    }
}
