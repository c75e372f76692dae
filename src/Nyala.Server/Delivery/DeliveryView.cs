using System.Globalization;
using Nyala.Client;
using Nyala.Server.Access;
using Nyala.Server.Hooks;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>A delivery with everything that a list shows.</summary>
/// <param name="Hook">The hook; null if it was removed.</param>
/// <param name="Last">The result of the last attempt; null before the first attempt.</param>
internal sealed record DeliveryFacts(DeliveryRecord Delivery, EventHead Event, HookRecord? Hook, AttemptEnd? Last)
{
    public static DeliveryFacts Read(ITables tables, DeliveryRecord delivery) => new(
        delivery,
        tables.Events.FindHead(delivery.Event) ?? new EventHead(delivery.Event, "", "", null, delivery.Created),
        tables.Hooks.Find(delivery.Hook),
        tables.Deliveries.LastAttempt(delivery.Id));

    /// <summary>Reads what the attempts sent, or the event's body if that is what they send; null if the event no longer exists.</summary>
    public byte[]? ReadBody(ITables tables) => tables.Rendered.Find(Delivery.Id)?.Body ?? tables.Events.Body(Event.Id);
}

/// <summary>
/// Converts deliveries and events to the format of the API. Requests and responses are shown only to callers that may see them, see
/// <see cref="Caller.SeesContents"/>.
/// </summary>
internal sealed class DeliveryView(NyalaOptions options, TimeProvider clock)
{
    public Client.Delivery Show(DeliveryFacts facts, Caller caller)
    {
        DeliveryRecord delivery = facts.Delivery;
        HookHold? hold = facts.Hook is { } hook ? HookHold.Of(hook, options.Delivery.BreakerFailures, clock.GetUtcNow()) : null;
        NextAttempt next = NextAttempt.Of(delivery, facts.Hook, hold);
        return new Client.Delivery
        {
            Id = Id(delivery.Id),
            WebhookId = WebhookId.Of(delivery.Id),
            Event = Show(facts.Event),
            Hook = Id(delivery.Hook),
            State = Word(delivery.State),
            Attempts = delivery.Attempts,
            Created = delivery.Created,
            NextAttempt = next.Time,
            Ended = delivery.State == DeliveryState.Pending ? null : delivery.Due,
            LastStatus = facts.Last?.Status,
            LastReason = Reason(facts.Last?.Status, facts.Last?.Reason, caller),
            Reason = next.Reason,
        };
    }

    /// <summary>Shows a delivery with its body and its attempts.</summary>
    public Client.Delivery Show(DeliveryFacts facts, byte[]? body, IReadOnlyList<AttemptRecord> attempts, Caller caller)
    {
        (string Text, bool IsBase64)? text = body is null || !caller.SeesContents ? null : WireText.Of(body);
        return Show(facts, caller) with { Body = text?.Text, BodyIsBase64 = text?.IsBase64, History = [.. attempts.Select(attempt => Show(attempt, caller))] };
    }

    public static RecordedEvent Show(EventHead head) =>
        new() { Id = Id(head.Id), Type = head.Type, Site = head.Site, Deployment = head.Deployment, Created = head.Created };

    public static Redelivery Show(RedeliveryRecord redelivery) => new()
    {
        Id = Id(redelivery.Id),
        Hook = Id(redelivery.Hook),
        State = Word(redelivery.State),
        Since = redelivery.Since,
        Until = redelivery.Until,
        Done = redelivery.Done,
        Created = redelivery.Created,
        Ended = redelivery.Ended,
        Reason = redelivery.Reason,
    };

    public static string Id(long id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Returns the state's name in the API.</summary>
    public static string Word(DeliveryState state) => state.ToString().ToLowerInvariant();

    private DeliveryAttempt Show(AttemptRecord attempt, Caller caller)
    {
        var shown = new DeliveryAttempt
        {
            Number = attempt.Number,
            Started = attempt.Started,
            DurationSeconds = attempt.Duration.TotalSeconds,
            DnsSeconds = attempt.Times.Dns?.TotalSeconds,
            ConnectSeconds = attempt.Times.Connect?.TotalSeconds,
            TlsSeconds = attempt.Times.Tls?.TotalSeconds,
            FirstByteSeconds = attempt.Times.FirstByte?.TotalSeconds,
            Status = attempt.Status,
            Reason = Reason(attempt.Status, attempt.Reason, caller),
        };
        if (!caller.SeesContents)
        {
            return shown;
        }

        IReadOnlyList<HeaderField>? headers = WireText.Headers(attempt.AnswerHeaders);
        bool cut = attempt.Answer is { } kept && WireText.IsCut(kept.Length, headers, options.Outbound.AnswerLimit);
        (string Text, bool IsBase64)? answer = attempt.Answer is null ? null : WireText.Of(attempt.Answer, cut);
        return shown with
        {
            RequestHeaders = WireText.Headers(attempt.Request),
            AnswerHeaders = headers,
            Answer = answer?.Text,
            AnswerIsBase64 = answer?.IsBase64 == true,
            AnswerIsCut = cut,
        };
    }

    /// <summary>
    /// Returns the reason if the caller may see it. If there was a response, the reason comes from the receiver, and may quote a URL that is a credential.
    /// </summary>
    private static string? Reason(int? status, string? reason, Caller caller) => status is null || caller.SeesContents ? reason : null;
}
