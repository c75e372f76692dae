using System.Text.Json;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Events;
using Nyala.Server.Hooks;
using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>Disables a hook after days of failures, and raises an event. Its deliveries are kept.</summary>
internal sealed class Disabler(
    IStore store, Publisher publisher, Breaker breaker, IDispatcher dispatcher, NyalaOptions options, DeliveryInstruments instruments, TimeProvider clock,
    ILogger<Disabler> logger)
{
    /// <summary>Disables the hook, unless it was changed in the meantime.</summary>
    public async Task DisableAsync(long hook)
    {
        try
        {
            DateTimeOffset now = clock.GetUtcNow();
            using Publication publication = publisher.Begin(wait: false);
            bool disabled = await store.WriteAsync(tables =>
            {
                if (tables.Hooks.Find(hook) is not { State: HookState.Active } found || !breaker.ShouldDisable(found.Health, now))
                {
                    return false;
                }

                // The last failure may quote the receiver, and with it a URL that is a credential. The event goes to other receivers, so it has only the status.
                tables.Hooks.SetState(hook, HookState.Disabled, Reason(found, found.Last?.Reason), now);
                publication.Accept(
                    tables, new NewEvent(EventTypes.HookDisabled, found.Site ?? options.Sites.Default, Describe(found, Reason(found, WithoutQuotes(found.Last)), now)));
                return true;
            });
            if (disabled)
            {
                DeliveryLog.HookDisabled(logger, hook);
                instruments.HookDisabled();
                await dispatcher.ChangedAsync(hook);
                await publication.AnnounceAsync(TimeSpan.Zero, CancellationToken.None);
            }
        }
        catch (Exception error)
        {
            // The next failed probe tries again.
            DeliveryLog.DisableFailed(logger, error, hook);
        }
    }

    private static string Reason(HookRecord hook, string? failure) =>
        $"Every attempt has failed since {KuduTime.Format(hook.Health.FailingSince!.Value)}. The last failure: {failure}";

    /// <summary>Describes the newest failure without the receiver's own words.</summary>
    private static string? WithoutQuotes(LastAttempt? last) => last is null or { Status: AttemptOutcome.Unanswered } ? last?.Reason : $"The receiver responded with {last.Status}.";

    /// <summary>Returns the body of the event. The URL may be a credential, so only its scheme, host and port identify the receiver.</summary>
    private static byte[] Describe(HookRecord hook, string reason, DateTimeOffset now)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = NyalaJson.Wire.Options.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("event", EventTypes.HookDisabled);
            json.WriteString("hookId", hook.Id.ToString(null as IFormatProvider));
            json.WriteString("hookEvent", hook.Event);
            json.WriteString("receiver", HookUrl.Origin(hook.Url));
            json.WriteString("description", hook.Description);
            json.WriteString("reason", reason);
            json.WriteString("failingSince", KuduTime.Format(hook.Health.FailingSince!.Value));
            json.WriteNumber("failures", hook.Health.Failures);
            json.WriteString("time", KuduTime.Format(now));
            json.WriteEndObject();
        }

        return body.ToArray();
    }
}
