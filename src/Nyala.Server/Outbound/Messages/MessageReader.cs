using System.Globalization;
using System.Text;
using System.Text.Json;
using Nyala.Client;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Server.Outbound.Messages;

/// <summary>Decides what a message says about an event. It depends only on the event's type and body. Pure.</summary>
internal static class MessageReader
{
    private const int MaxName = 100;
    private const int MaxSubject = 200;
    private const int MaxReason = 1000;
    private const int MaxReasonLines = 20;
    private const int MaxFacts = 8;
    private const int MaxLogLine = 200;
    private const int MaxUrl = 1000;

    // A time without a date would be read as one of today, so that a later attempt could send other bytes.
    private static readonly string[] Times = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK"];
    private const int ShortCommit = 7;

    public static Message Read(EventContent @event)
    {
        try
        {
            using var body = JsonDocument.Parse(@event.Body);
            if (body.RootElement.ValueKind == JsonValueKind.Object)
            {
                return Read(@event, body.RootElement);
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // An escaped lone surrogate is valid JSON, but not valid text.
        }

        return new Message { Tone = MessageTone.Neutral, Title = Sentence($"Event {@event.Type}"), Reason = MessageText.Lines(Encoding.UTF8.GetString(@event.Body.Span), MaxReason, MaxReasonLines) };
    }

    private static Message Read(EventContent @event, JsonElement body)
    {
        string type = @event.Type;
        if (Is(EventTypes.Ping))
        {
            return new Message { Tone = MessageTone.Neutral, Title = "Test message from Nyala", Subject = "Messages about deployments will arrive here.", Site = Text(body, "siteName"), Time = Time(body, "time") };
        }

        if (Is(EventTypes.HookDisabled))
        {
            string hook = Text(body, "description") is { Length: > 0 } described ? described : Text(body, "receiver");
            return new Message
            {
                Tone = MessageTone.Bad,
                Title = $"Hook {hook} was disabled after repeated failures",
                Reason = MessageText.Lines(Raw(body, "reason"), MaxReason, MaxReasonLines),
                Facts = Facts(("Hook", Text(body, "hookId")), ("Receiver", Text(body, "receiver"))),
                Time = Time(body, "time"),
            };
        }

        if (Is(EventTypes.TokenExpiring))
        {
            return new Message
            {
                Tone = MessageTone.Neutral,
                Title = $"Token {Text(body, "tokenName")} expires soon",
                Facts = Facts(("Days left", Text(body, "daysLeft")), ("Site", Text(body, "site"))),
                Time = Time(body, "time"),
            };
        }

        bool isDeployment = (Is(EventTypes.PostDeployment) || Is(EventTypes.DeploymentStarted))
            && Raw(body, "status") is "success" or "failed" or "pending" or "building" or "deploying";
        return isDeployment ? Deployment(body, @event.LogTail) : Published(type, body);

        bool Is(string known) => known.Equals(type, StringComparison.OrdinalIgnoreCase);
    }

    private static Message Deployment(JsonElement body, IReadOnlyList<string> log)
    {
        string site = Text(body, "siteName");
        string? status = Raw(body, "status");
        string what = site.Length > 0 ? $"deployment of {site}" : "deployment";
        (MessageTone tone, string title) = (status, Raw(body, "change")) switch
        {
            ("success", "fixed") => (MessageTone.Good, $"Fixed: {what} succeeded"),
            ("success", _) => (MessageTone.Good, $"{Sentence(what)} succeeded"),
            ("failed", "broke") => (MessageTone.Bad, $"Broken: {what} failed"),
            ("failed", "still_failing") => (MessageTone.Bad, $"Still failing: {what} failed again"),
            ("failed", _) => (MessageTone.Bad, $"{Sentence(what)} failed"),
            _ => (MessageTone.Progress, $"{Sentence(what)} started"),
        };
        string reason = status == "failed" ? MessageText.Lines(Raw(body, "statusText"), MaxReason, MaxReasonLines) : "";
        DateTimeOffset? started = Time(body, "startTime");
        DateTimeOffset? ended = Time(body, "endTime");
        return new Message
        {
            Tone = tone,
            Title = title,
            Subject = MessageText.FirstLine(Raw(body, "message"), MaxSubject),
            Author = Text(body, "author"),
            Reason = reason,
            Log = status == "failed" ? [.. Lines(log, reason)] : [],
            Facts = Facts(
                Identity(Raw(body, "id")),
                ("Branch", Text(body, "branch")),
                ("Author", Text(body, "author")),
                ("Duration", started is { } begin && ended >= begin ? Duration(ended.Value - begin) : ""),
                ("Host", Text(body, "hostName")),
                ("Deployer", Text(body, "deployer"))),
            Url = Link(Raw(body, "url")),
            Time = ended ?? started,
            Site = site,
        };
    }

    /// <summary>Describes an event of a type that a publisher chose: its first simple fields.</summary>
    private static Message Published(string type, JsonElement body)
    {
        string site = Text(body, "siteName");
        return new Message
        {
            Tone = MessageTone.Neutral,
            Title = Sentence($"Event {type}") + (site.Length > 0 ? $" at {site}" : ""),
            Facts = Facts([.. body.EnumerateObject()
                .Where(field => field.Name != "siteName" && field.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
                .Select(field => (MessageText.Line(field.Name, MaxName), Text(body, field.Name))).Take(MaxFacts)]),
            Site = site,
        };
    }

    /// <summary>Returns the log lines that are not blank. The last one is left out if it only repeats the reason.</summary>
    private static IEnumerable<string> Lines(IReadOnlyList<string> log, string reason)
    {
        string[] lines = [.. log.Select(line => MessageText.Lines(line, MaxLogLine, lines: 1)).Where(line => line.Length > 0)];
        return lines is [.., var last] && last == MessageText.Lines(reason, MaxLogLine, lines: 1) ? lines[..^1] : lines;
    }

    private static MessageFact[] Facts(params (string Label, string Value)[] facts) =>
        [.. facts.Where(fact => fact is { Label.Length: > 0, Value.Length: > 0 }).Select(fact => new MessageFact(fact.Label, fact.Value))];

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>Shortens a commit id as git does. Any other id is the deployment's own.</summary>
    private static (string Label, string Value) Identity(string? id) =>
        id is { Length: 40 or 64 } && id.All(char.IsAsciiHexDigit) ? ("Commit", id[..ShortCommit]) : ("Deployment", MessageText.Line(id, MaxName));

    private static string Duration(TimeSpan span) => span switch
    {
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {span.Minutes} min"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes} min {span.Seconds} s"),
        { TotalSeconds: >= 10 } => string.Create(CultureInfo.InvariantCulture, $"{span.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s"),
    };

    private static string? Link(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? link) && link.Scheme is "http" or "https" && link.AbsoluteUri.Length <= MaxUrl ? link.AbsoluteUri : null;

    private static DateTimeOffset? Time(JsonElement body, string name) =>
        DateTimeOffset.TryParseExact(Raw(body, name), Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time.ToUniversalTime() : null;

    private static string Text(JsonElement body, string name) => MessageText.Line(Raw(body, name), MaxName);

    /// <summary>Returns a simple value as text; null if the body has none with this name.</summary>
    private static string? Raw(JsonElement body, string name) => !body.TryGetProperty(name, out JsonElement value) ? null
        : value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => null,
        };
}
