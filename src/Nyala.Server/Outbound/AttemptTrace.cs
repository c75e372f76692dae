using System.Diagnostics;
using System.Globalization;

namespace Nyala.Server.Outbound;

/// <summary>
/// The span of an attempt. It belongs to the trace that is stored with the event, so that attempts over several days and restarts are in one trace. The target
/// describes the receiver, and the answer its status.
/// </summary>
internal static class AttemptTrace
{
    private static readonly ActivitySource Source = new("Nyala.Outbound");

    /// <summary>Starts the span; null if nothing listens.</summary>
    public static Activity? Begin(Attempt attempt)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        // The sender inherits the activity of the request that woke the lane, which may belong to another event.
        Activity.Current = null;
        ActivityContext.TryParse(attempt.Trace, null, isRemote: true, out ActivityContext parent);
        Activity? span = Source.StartActivity("attempt", ActivityKind.Client, parent);
        if (span is { IsAllDataRequested: true })
        {
            span.DisplayName = $"attempt {attempt.EventType}";
            span.SetTag("nyala.webhook_id", attempt.WebhookId)
                .SetTag("nyala.event.type", attempt.EventType)
                .SetTag("nyala.attempt", attempt.Number);
            attempt.Target.Tag(span, attempt.Content.Form);
        }

        return span;
    }

    /// <summary>Records the outcome in the span.</summary>
    public static void End(Activity? span, AttemptOutcome outcome)
    {
        if (span is not { IsAllDataRequested: true })
        {
            return;
        }

        outcome.Answer?.Tag(span);
        if (!outcome.Succeeded)
        {
            // The reason is not recorded, because it may quote the receiver.
            span.SetTag("error.type", outcome.Answer?.Status.ToString(CultureInfo.InvariantCulture) ?? outcome.Kind.ToString())
                .SetStatus(ActivityStatusCode.Error);
        }
    }
}
