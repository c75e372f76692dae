using System.Diagnostics;

namespace Nyala.Server.Outbound;

/// <summary>The one door of all attempts: opens the span, sends through the target's channel, and lets the target's format judge the answer.</summary>
internal static class Sender
{
    /// <summary>Makes one attempt. Every failure is an outcome.</summary>
    /// <returns>The outcome; null if the target was withdrawn before a byte was sent, so that there was no attempt.</returns>
    /// <exception cref="OperationCanceledException">The server is stopping. The result of the attempt is unknown.</exception>
    public static async Task<AttemptOutcome?> SendAsync(Attempt attempt, CancellationToken hardStop)
    {
        Target target = attempt.Target;
        using Activity? span = AttemptTrace.Begin(attempt);
        if (await target.Channel.SendAsync(span is null ? attempt : attempt with { Trace = span.Id }, hardStop) is not { } sent)
        {
            return null;
        }

        var outcome = AttemptOutcome.Of(sent, target.Format);
        AttemptTrace.End(span, outcome);
        return outcome;
    }
}
