using System.Globalization;
using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>The log messages of deliveries. They never contain a URL, which may be a credential, nor a body.</summary>
internal static partial class DeliveryLog
{
    public static void Attempted(ILogger logger, AttemptOutcome outcome, DueDelivery delivery, long hook, Verdict verdict)
    {
        LogLevel level = outcome.Succeeded ? LogLevel.Debug : LogLevel.Information;
        if (logger.IsEnabled(level))
        {
            // If there is an answer, its status is enough, and its reason may quote a URL.
            string status = outcome.Status?.ToString(CultureInfo.InvariantCulture) ?? outcome.StatusName;
            string reason = outcome.Answer is null && outcome.Reason is { Length: > 0 } why ? " " + why : "";
            double seconds = Math.Round(outcome.Duration.TotalSeconds, 3);
            string due = verdict is { State: DeliveryState.Pending, Due: DateTimeOffset next }
                ? next.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
                : "-";
            Attempted(
                logger, level, delivery.Id, hook, delivery.Event, delivery.Type, delivery.AttemptNumber, status,
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

    [LoggerMessage(EventId = 1002, Level = LogLevel.Warning, Message = "{Count} outcomes are waiting for the store: {Reason}")]
    public static partial void OutcomesHeld(ILogger logger, int count, string reason);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Critical, Message = "The outcome of delivery {Delivery} cannot be stored. It will be sent again after the next start.")]
    public static partial void OutcomeLost(ILogger logger, Exception error, long delivery);

    [LoggerMessage(EventId = 1007, Level = LogLevel.Error, Message = "An attempt of delivery {Delivery} cannot be stored. Its outcome is stored without it.")]
    public static partial void AttemptLost(ILogger logger, Exception error, long delivery);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Warning, Message = "The lane of hook {Hook} (epoch {Epoch}) ends because a newer one has taken over.")]
    public static partial void LaneFenced(ILogger logger, long hook, long epoch);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Error, Message = "The lane of hook {Hook} failed and will retry. Its deliveries are kept.")]
    public static partial void LaneTroubled(ILogger logger, Exception error, long hook);

    [LoggerMessage(EventId = 1008, Level = LogLevel.Warning, Message = "Hook {Hook} is disabled: every attempt has failed for as long as Delivery:DisableAfter allows. Its deliveries are kept.")]
    public static partial void HookDisabled(ILogger logger, long hook);

    [LoggerMessage(EventId = 1009, Level = LogLevel.Warning, Message = "Hook {Hook} could not be disabled. The next failed attempt will retry it.")]
    public static partial void DisableFailed(ILogger logger, Exception error, long hook);

    [LoggerMessage(EventId = 1010, Level = LogLevel.Warning, Message = "Expired entries could not be pruned. The next try is in ten minutes.")]
    public static partial void PruneFailed(ILogger logger, Exception error);

    [LoggerMessage(EventId = 1011, Level = LogLevel.Warning, Message = "The clock was set back by {Behind}. {Moved} waiting deliveries were moved back with it.")]
    public static partial void ClockSetBack(ILogger logger, TimeSpan behind, int moved);

    [LoggerMessage(EventId = 1012, Level = LogLevel.Warning, Message = "The check of the clock failed and will be retried in a few seconds.")]
    public static partial void ClockNotFollowed(ILogger logger, Exception error);

    [LoggerMessage(EventId = 1013, Level = LogLevel.Error, Message = "{Count} outcomes could not be stored before the stop. Their deliveries will be sent again after the next start.")]
    public static partial void OutcomesLeft(ILogger logger, long count);

    [LoggerMessage(EventId = 1014, Level = LogLevel.Error, Message = "A worker failed on delivery {Delivery} to hook {Hook}. The delivery will be retried.")]
    public static partial void WorkerFailed(ILogger logger, Exception error, long delivery, long hook);

    [LoggerMessage(EventId = 1015, Level = LogLevel.Error, Message = "An attempt of delivery {Delivery} was recorded but could not be logged or measured.")]
    public static partial void AttemptNotTold(ILogger logger, Exception error, long delivery);

    [LoggerMessage(EventId = 1016, Level = LogLevel.Error, Message = "The follow-up to the recorded outcome of delivery {Delivery} failed.")]
    public static partial void OutcomeNotTold(ILogger logger, Exception error, long delivery);

    [LoggerMessage(EventId = 1017, Level = LogLevel.Critical, Message = "{Count} outcomes could not be handled. Some of their deliveries may be sent again after the next start.")]
    public static partial void OutcomesNotHandled(ILogger logger, Exception error, int count);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Error, Message = "The check for overdue deliveries failed and will be retried in a few seconds.")]
    public static partial void RescueFailed(ILogger logger, Exception error);
}
