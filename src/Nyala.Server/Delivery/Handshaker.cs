using System.Globalization;
using Nyala.Server.Hooks;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>
/// The handshake of CloudEvents' webhooks: an <c>OPTIONS</c> request to the receiver, sent as an attempt is. It is not recorded. Source:
/// github.com/cloudevents/spec, "HTTP 1.1 Web Hooks for Event Delivery", 4.
/// </summary>
internal sealed class Handshaker(ITargets targets, IdSource ids) : IHandshake
{
    private const string EventType = "Handshake";
    private const string RequestRate = "WebHook-Request-Rate";
    private const string AllowedOrigin = "WebHook-Allowed-Origin";
    private const string AllowedRate = "WebHook-Allowed-Rate";
    private const string Any = "*";

    public async Task<HandshakeAnswer> AskAsync(HookRecord hook, CancellationToken cancellationToken)
    {
        Target target = targets.Of(hook);
        string origin = target.Server.Origin;
        var attempt = new Attempt(target, WebhookId.Of(ids.Next()), EventType, 1, Request(origin, hook.Rate));
        AttemptOutcome outcome = (await Sender.SendAsync(attempt, cancellationToken))!;
        return outcome.Answer is { } answer ? Read(origin, answer) : new HandshakeAnswer($"The receiver cannot be asked: {outcome.Reason}");
    }

    /// <summary>Decides what an answer means. Only the header allows events; a status alone does not. Pure.</summary>
    public static HandshakeAnswer Read(string origin, Answer answer)
    {
        string? allowed = Header(answer, AllowedOrigin);
        if (allowed != Any && !origin.Equals(allowed, StringComparison.OrdinalIgnoreCase))
        {
            return new HandshakeAnswer(allowed is null
                ? $"{answer.Description} The response has no {AllowedOrigin}, so it does not allow events from {origin}."
                : $"{answer.Description} Its {AllowedOrigin} does not allow events from {origin}.");
        }

        return int.TryParse(Header(answer, AllowedRate), NumberStyles.None, CultureInfo.InvariantCulture, out int rate) && rate is > 0 and <= HookSettings.MaxRate
            ? new HandshakeAnswer(null, rate)
            : new HandshakeAnswer(null);
    }

    private static Rendered Request(string origin, int? rate)
    {
        List<CustomHeader> headers = [new(CloudEvent.OriginHeader, origin)];
        if (rate is { } wanted)
        {
            headers.Add(new CustomHeader(RequestRate, wanted.ToString(CultureInfo.InvariantCulture)));
        }

        return new Rendered(ReadOnlyMemory<byte>.Empty, Rendered.Json) { Form = new RequestForm { Method = "OPTIONS", Headers = headers } };
    }

    private static string? Header(Answer answer, string name) => (answer.Headers ?? "").Split('\n')
        .Select(line => line.Split(':', 2))
        .FirstOrDefault(pair => pair.Length == 2 && pair[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1].Trim();
}
