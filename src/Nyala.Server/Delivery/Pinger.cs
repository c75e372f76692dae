using Nyala.Client;
using Nyala.Server.Events;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>
/// Pings a hook now, whatever its circuit breaker, rate or state, to test its receiver. A ping is one attempt. It is recorded like any other, but is never
/// retried and does not affect the hook's health, except that a receiver that wants no more events marks the hook as gone.
/// </summary>
internal sealed class Pinger(
    IStore store, ITargets targets, IdSource ids, IDispatcher dispatcher, NyalaOptions options, TimeProvider clock,
    IHostApplicationLifetime lifetime, ILogger<Pinger> logger)
{
    /// <summary>The maximum number of pings in flight. They use none of the slots of deliveries, so that a busy server can ping.</summary>
    public const int MaxInFlight = 16;

    private int _inFlight;

    /// <summary>Pings a hook. Returns once the attempt is recorded.</summary>
    /// <returns>The delivery's id; null if too many pings are in flight.</returns>
    /// <exception cref="StoreUnavailableException">The attempt was made but cannot be recorded.</exception>
    public async Task<long?> PingAsync(HookRecord hook)
    {
        try
        {
            return Interlocked.Increment(ref _inFlight) > MaxInFlight ? null : await AttemptAsync(hook);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private async Task<long> AttemptAsync(HookRecord hook)
    {
        (long @event, long delivery) = (ids.Next(), ids.Next());
        string site = hook.Site ?? options.Sites.Default;
        string host = await store.ReadAsync(tables => SiteHost.Of(tables.Sites, site, options));
        DateTimeOffset now = clock.GetUtcNow();
        byte[] body = PingBody.Of(DeliveryView.Id(hook.Id), site, host, now);

        // The attempt is not canceled with the request, because a ping that was sent must be recorded. This target is never withdrawn.
        Target target = targets.Of(hook);
        var content = AttemptContent.Of(new EventContent(EventTypes.Ping, body) { Id = @event, Time = now, Site = site }, target);
        AttemptOutcome outcome = content.Sent.Refusal is { } refusal
            ? AttemptOutcome.NotRendered(now, refusal)
            : await SendAsync(new Attempt(target, WebhookId.Of(delivery), EventTypes.Ping, 1, content.Sent));
        DateTimeOffset ended = clock.GetUtcNow();
        DeliveryState state = Verdict.OfPing(outcome);
        var sent = new DueDelivery(delivery, @event, EventTypes.Ping, body, Spent: 0, Free: 0, Earlier: 0, now, now, Trace: null, Chain: 0) { Site = site };
        DeliveryLog.Attempted(logger, outcome, sent, hook.Id, new Verdict(state, ended, Spent: true));
        bool gone = await store.WriteAsync(tables =>
        {
            tables.Events.Insert(new EventRecord(@event, EventTypes.Ping, site, body, now));
            if (content.New is { } rendered)
            {
                tables.Rendered.Insert(delivery, rendered);
            }

            tables.Deliveries.InsertPing(OutcomeRows.Of(delivery, 1, outcome), @event, hook.Id, state);
            if (state != DeliveryState.Gone || tables.Hooks.Find(hook.Id) is null or { State: HookState.Gone })
            {
                return false;
            }

            tables.Hooks.SetState(hook.Id, HookState.Gone, outcome.HookReason, ended);
            return true;
        });
        if (gone)
        {
            await dispatcher.ChangedAsync(hook.Id);
            dispatcher.Wake(hook.Id);
        }

        return delivery;
    }

    private async Task<AttemptOutcome> SendAsync(Attempt attempt)
    {
        try
        {
            return (await Sender.SendAsync(attempt, lifetime.ApplicationStopping))!;
        }
        catch (OperationCanceledException error)
        {
            throw new StoreUnavailableException("The server is stopping. The result of the ping is not known.", full: false, error);
        }
    }
}
