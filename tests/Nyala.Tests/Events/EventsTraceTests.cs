using System.Diagnostics;
using Nyala.Server.Events;

namespace Nyala.Tests.Events;

/// <summary>The span in which an event is accepted.</summary>
public sealed class EventsTraceTests
{
    [Fact]
    public void Spans_of_events_that_are_accepted_together_are_siblings()
    {
        using var request = new Activity("request");
        request.Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Nyala.Events",

            // Other tests publish at the same time, and expect no spans.
            Sample = (ref options) => options.Parent.TraceId == request.TraceId ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
        };
        ActivitySource.AddActivityListener(listener);

        Activity? one = EventsTrace.Begin();
        Activity? other = EventsTrace.Begin();
        EventsTrace.Accepted(one, 1, "Built", 0);
        EventsTrace.Discard(other);

        Assert.Equal((request.Id, request.Id), (one!.ParentId, other!.ParentId));
        Assert.Same(request, Activity.Current);
    }
}
