using System.Diagnostics;

namespace Nyala.Server.Events;

/// <summary>The span of an event's acceptance, under that of the request that brought it, and above those of its attempts.</summary>
internal static class EventsTrace
{
    private static readonly ActivitySource Source = new("Nyala.Events");

    /// <summary>Begins the span; null if nobody follows.</summary>
    public static Activity? Begin() => Source.StartActivity("accept", ActivityKind.Producer);

    /// <summary>Ends it once the event is on disk.</summary>
    public static void Accepted(Activity? span, long id, string type, int deliveries)
    {
        if (span is not null)
        {
            span.DisplayName = $"accept {type}";
            span.SetTag("nyala.event.id", id).SetTag("nyala.event.type", type).SetTag("nyala.event.deliveries", deliveries).Stop();
        }
    }

    /// <summary>Ends it without an event, which nobody wants to see.</summary>
    public static void Discard(Activity? span)
    {
        if (span is { IsStopped: false })
        {
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            span.Dispose();
        }
    }
}
