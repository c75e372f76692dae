using System.Globalization;
using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>What this room logs. Never a url, which may be a credential, nor a body.</summary>
internal static partial class DeliveryLog
{
    public static void Attempted(ILogger logger, AttemptOutcome outcome, DueDelivery delivery, long hook, Verdict verdict)
    {
        LogLevel level = outcome.Succeeded ? LogLevel.Debug : LogLevel.Information;
        if (logger.IsEnabled(level))
        {
            // Where an answer came, its status says it all; the reason may quote a url.
            string status = outcome.Status?.ToString(CultureInfo.InvariantCulture) ?? outcome.StatusName;
            string reason = outcome.Status is null && outcome.Reason is { Length: > 0 } why ? " " + why : "";
            double seconds = Math.Round(outcome.Duration.TotalSeconds, 3);
            string due = verdict is { State: DeliveryState.Pending, Due: DateTimeOffset next }
                ? next.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
                : "-";
            Attempted(
                logger, level, delivery.Id, hook, delivery.Event, delivery.Type, delivery.NextAttempt, status,
                seconds, verdict.State, due, reason);
        }
    }

    [LoggerMessage(
        EventId = 1001,
        EventName = "DeliveryAttempted",
        Message = "Delivery {Delivery} of event {Event} ({Type}) to hook {Hook}, attempt {Attempt}: {Status} in {Seconds} s, now {State}, next {Due}.{Reason}")]
    private static partial void Attempted(
        ILogger logger, LogLevel level, long delivery, long hook, long @event, string type, int attempt, string status, double seconds,
        DeliveryState state, string due, string reason);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Warning, Message = "{Count} outcomes wait for the store: {Reason}")]
    public static partial void OutcomesHeld(ILogger logger, int count, string reason);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Critical, Message = "The outcome of delivery {Delivery} cannot be stored; it is sent again after the next start.")]
    public static partial void OutcomeLost(ILogger logger, Exception error, long delivery);

    [LoggerMessage(EventId = 1007, Level = LogLevel.Error, Message = "An attempt of delivery {Delivery} cannot be stored; its outcome is kept without it.")]
    public static partial void AttemptLost(ILogger logger, Exception error, long delivery);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Warning, Message = "The lane of hook {Hook} (epoch {Epoch}) ends: a newer one has taken over.")]
    public static partial void LaneFenced(ILogger logger, long hook, long epoch);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Error, Message = "The lane of hook {Hook} is in trouble and tries again; its deliveries are kept.")]
    public static partial void LaneTroubled(ILogger logger, Exception error, long hook);

    [LoggerMessage(EventId = 1008, Level = LogLevel.Warning, Message = "Hook {Hook} is disabled: nothing but failures for as long as Delivery:DisableAfter allows. Its deliveries are kept.")]
    public static partial void HookDisabled(ILogger logger, long hook);

    [LoggerMessage(EventId = 1009, Level = LogLevel.Warning, Message = "Hook {Hook} is to be disabled, but that cannot be done now; the next attempt that fails tries again.")]
    public static partial void DisableFailed(ILogger logger, Exception error, long hook);

    [LoggerMessage(EventId = 1010, Level = LogLevel.Warning, Message = "What is over could not be taken out of the store; the next look is in ten minutes.")]
    public static partial void PruneFailed(ILogger logger, Exception error);

    [LoggerMessage(EventId = 1011, Level = LogLevel.Warning, Message = "The clock was set back by {Behind}: {Moved} waiting deliveries were moved back with it.")]
    public static partial void ClockSetBack(ILogger logger, TimeSpan behind, int moved);

    [LoggerMessage(EventId = 1012, Level = LogLevel.Warning, Message = "Whether the clock was set back cannot be looked up or followed now.")]
    public static partial void ClockNotFollowed(ILogger logger, Exception error);

    [LoggerMessage(EventId = 1013, Level = LogLevel.Error, Message = "The store could not take {Count} outcomes before the stop; their deliveries are sent again after the next start.")]
    public static partial void OutcomesLeft(ILogger logger, long count);

    [LoggerMessage(EventId = 1014, Level = LogLevel.Error, Message = "A worker failed at delivery {Delivery} to hook {Hook}; the delivery is tried again.")]
    public static partial void WorkerFailed(ILogger logger, Exception error, long delivery, long hook);

    [LoggerMessage(EventId = 1015, Level = LogLevel.Error, Message = "An attempt of delivery {Delivery} is recorded, but could not be logged or measured.")]
    public static partial void AttemptNotTold(ILogger logger, Exception error, long delivery);

    [LoggerMessage(EventId = 1016, Level = LogLevel.Error, Message = "What follows from the recorded outcome of delivery {Delivery} could not be done.")]
    public static partial void OutcomeNotTold(ILogger logger, Exception error, long delivery);

    [LoggerMessage(EventId = 1017, Level = LogLevel.Critical, Message = "{Count} outcomes could not be handled; deliveries among them may be sent again after the next start.")]
    public static partial void OutcomesNotHandled(ILogger logger, Exception error, int count);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Error, Message = "Overdue deliveries could not be looked up; the next look is in a moment.")]
    public static partial void RescueFailed(ILogger logger, Exception error);
}
