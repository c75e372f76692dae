using System.Diagnostics;

namespace Nyala.Server.Events;

/// <summary>The span in which an event is accepted. Its parent is the span of the request, and its children are the spans of the attempts.</summary>
internal static class EventsTrace
{
    private static readonly ActivitySource Source = new("Nyala.Events");

    /// <summary>Starts the span. Returns null if nothing listens to spans.</summary>
    public static Activity? Begin()
    {
        Activity? request = Activity.Current;
        Activity? span = Source.StartActivity("accept", ActivityKind.Producer);
        if (span is not null)
        {
            // The spans of events that are accepted together are siblings.
            Activity.Current = request;
        }

        return span;
    }

    /// <summary>Ends the span once the event is on disk.</summary>
    public static void Accepted(Activity? span, long id, string type, int deliveries)
    {
        if (span is not null)
        {
            span.DisplayName = $"accept {type}";
            span.SetTag("nyala.event.id", id).SetTag("nyala.event.type", type).SetTag("nyala.event.deliveries", deliveries).Stop();
        }
    }

    /// <summary>Ends the span without recording it, if no event was accepted.</summary>
    public static void Discard(Activity? span)
    {
        if (span is { IsStopped: false })
        {
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            span.Dispose();
        }
    }
}
