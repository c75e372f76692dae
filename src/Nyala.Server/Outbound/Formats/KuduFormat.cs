using System.Text.Json.Nodes;

namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// Kudu's format: the event's body as it is, and the last log lines if the hook asks for them. The status of the HTTP response decides: 2xx accepts the event, 410 ends the hook, and everything else is retried.
/// <c>Retry-After</c> is obeyed on 429 and 503.
/// </summary>
internal sealed class KuduFormat : IFormat
{
    private const int Gone = 410;
    private const int TooManyRequests = 429;
    private const int ServiceUnavailable = 503;

    public FormatFacts Facts { get; } = new("kudu", "Kudu's receivers, and any other");

    public Rendered Render(EventContent @event, FormatSettings settings) => @event.LogTail.Count == 0 ? Rendered.AsIs(@event) : WithLogTail(@event);

    /// <summary>Returns the body that Kudu's receivers get.</summary>
    public static ReadOnlyMemory<byte> BodyOf(EventContent @event) => FormatCatalog.Kudu.Render(@event, FormatSettings.None).Body;

    public Judgement Judge(Answer answer) => answer.Status switch
    {
        >= 200 and <= 299 => Judgement.Accepted,
        Gone => Judgement.HookGone(answer.Description, "The receiver responded with 410."),
        TooManyRequests or ServiceUnavailable => Judgement.TryAgain(answer.Description, answer.RetryAfter),
        _ => Judgement.TryAgain(answer.Description),
    };

    /// <summary>Adds the lines as the last field. Only events that the server itself raises have a log, and their bodies are JSON objects.</summary>
    private static Rendered WithLogTail(EventContent @event)
    {
        JsonObject body = JsonNode.Parse(@event.Body.Span)!.AsObject();
        body["logTail"] = new JsonArray([.. @event.LogTail.Select(line => (JsonNode)line)]);
        return Rendered.Of(body);
    }
}
