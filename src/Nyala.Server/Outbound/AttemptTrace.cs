using System.Diagnostics;

namespace Nyala.Server.Outbound;

/// <summary>
/// The span of an attempt. It hangs on the trace that is stored with the event, so that the attempts of days and of several starts are in one
/// trace. Of the url it tells scheme, host and port: the rest may be a credential.
/// </summary>
internal static class AttemptTrace
{
    private static readonly ActivitySource Source = new("Nyala.Outbound");

    /// <summary>Begins the span; null if nobody follows.</summary>
    public static Activity? Begin(Attempt attempt)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        // The sender inherits the request that woke the lane, which may belong to another event.
        Activity.Current = null;
        ActivityContext.TryParse(attempt.Trace, null, isRemote: true, out ActivityContext parent);
        Activity? span = Source.StartActivity("attempt", ActivityKind.Client, parent);
        if (span is { IsAllDataRequested: true })
        {
            Uri url = attempt.Target.Url;
            span.DisplayName = $"attempt {attempt.EventType}";
            span.SetTag("nyala.webhook_id", attempt.WebhookId)
                .SetTag("nyala.event.type", attempt.EventType)
                .SetTag("nyala.attempt", attempt.Number)
                .SetTag("http.request.method", "POST")
                .SetTag("url.scheme", url.Scheme)
                .SetTag("server.address", url.IdnHost)
                .SetTag("server.port", url.Port);
        }

        return span;
    }

    /// <summary>Says how it ended.</summary>
    public static void End(Activity? span, AttemptOutcome outcome)
    {
        if (span is not { IsAllDataRequested: true })
        {
            return;
        }

        if (outcome.Status is { } status)
        {
            span.SetTag("http.response.status_code", status);
        }

        if (!outcome.Succeeded)
        {
            // The reason may quote what the receiver said.
            span.SetTag("error.type", outcome.Kind == OutcomeKind.Answered ? outcome.Status.ToString() : outcome.Kind.ToString())
                .SetStatus(ActivityStatusCode.Error);
        }
    }
}
