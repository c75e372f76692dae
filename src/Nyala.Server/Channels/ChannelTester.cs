using System.Text;
using Nyala.Client;
using Nyala.Server.Delivery;
using Nyala.Server.Hooks;
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

    /// <returns>How the sending ended; null if too many tests are in flight, or the rate of the account is used up.</returns>
    public async Task<ChannelTest?> TestAsync(HookUrl url)
    {
        try
        {
            return Interlocked.Increment(ref _inFlight) > MaxInFlight ? null : await SendAsync(url);
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
        HookRecord hook = HookSettings.InFormat(
            new HookRecord
            {
                Id = 0,
                Event = EventTypes.Ping,
                Url = url.Url,
                UserInfo = url.UserInfo is { } userInfo ? secrets.Encrypt(userInfo) : null,
                Secret = secrets.Encrypt(WebhookSecret.Create()),
            },
            destinations.FormatOf(url.ToUri()));
        Target target = targets.Of(hook);
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
        DateTimeOffset opens;
        while (!limits.TryTake(account, clock.GetUtcNow(), out opens))
        {
            if (opens > end)
            {
                return false;
            }

            await Task.Delay(opens - clock.GetUtcNow() is { Ticks: > 0 } wait ? wait : TimeSpan.FromMilliseconds(1), clock, lifetime.ApplicationStopping);
        }

        return true;
    }
}
