using System.Text;
using Nyala.Client;
using Nyala.Server.Delivery;
using Nyala.Server.Hooks;
using Nyala.Server.Http;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Secrets;
using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Channels;

/// <summary>Sends test messages as a hook would, without a hook. It stores nothing.</summary>
internal sealed class ChannelTester(
    IStore store, ITargets targets, Destinations destinations, AccountLimits limits, IdSource ids, SecretBox secrets, NyalaOptions options, TimeProvider clock,
    IHostApplicationLifetime lifetime)
{
    /// <summary>The maximum number of tests in flight.</summary>
    public const int MaxInFlight = 4;

    /// <summary>The longest time that a test waits for its turn at the account.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private int _inFlight;

    /// <summary>Sends a test message and waits for the answer.</summary>
    /// <returns>How the sending ended; null if too many tests are in flight, or the rate of the account is used up.</returns>
    /// <exception cref="StoreUnavailableException">The server is stopping.</exception>
    public async Task<ChannelTest?> TestAsync(HookUrl url)
    {
        try
        {
            return Interlocked.Increment(ref _inFlight) > MaxInFlight ? null : await SendAsync(url);
        }
        catch (OperationCanceledException error)
        {
            throw new StoreUnavailableException("The server is stopping. The result of the test is not known.", full: false, error);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private async Task<ChannelTest?> SendAsync(HookUrl url)
    {
        string site = options.Sites.Default;
        string host = await store.ReadAsync(tables => SiteHost.Of(tables.Sites, site, options));
        var settings = new HookSettings { Format = new Optional<IFormat?>(destinations.FormatOf(url.ToUri())) };
        Target target = targets.Of(new HookForm(url, EventTypes.Ping, settings, Secret: null).Draft(site: null, known: null, secrets));
        DateTimeOffset now = clock.GetUtcNow();
        if (target.Account is { } account && !await HasTurnAsync(account))
        {
            return null;
        }

        long id = ids.Next();
        Rendered content = target.Render(new EventContent(EventTypes.Ping, PingBody.Of("", site, host, now)) { Id = id, Time = now, Site = site });
        AttemptOutcome outcome = (await Sender.SendAsync(new Attempt(target, WebhookId.Of(id), EventTypes.Ping, 1, content), lifetime.ApplicationStopping))!;
        return new ChannelTest
        {
            Format = target.Format.Facts.Name,
            Accepted = outcome.Succeeded,
            Status = outcome.Status,
            Reason = outcome.Reason,
            Answer = outcome.Answer?.Body is { } body ? Encoding.UTF8.GetString(body) : null,
            DurationSeconds = outcome.Duration.TotalSeconds,
        };
    }

    private async Task<bool> HasTurnAsync(Account account)
    {
        DateTimeOffset end = clock.GetUtcNow() + MaxWait;
        while (!limits.TryTake(account, clock.GetUtcNow(), out DateTimeOffset opens))
        {
            if (opens > end)
            {
                return false;
            }

            TimeSpan wait = opens - clock.GetUtcNow();
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, clock, lifetime.ApplicationStopping);
        }

        return true;
    }
}
