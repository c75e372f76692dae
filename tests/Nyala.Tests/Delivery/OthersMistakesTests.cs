using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>Bugs that users of other senders reported. <c>docs/proof.md</c> lists them all, including those that are tested elsewhere.</summary>
public sealed class OthersMistakesTests : DeliveryTest
{
    /// <summary>Octopus Deploy 7216: the first subscription whose call threw ended the loop over all subscriptions.</summary>
    [Fact]
    public async Task One_failed_hook_does_not_stop_the_deliveries_to_other_hooks()
    {
        string type = Some.EventType();
        await using var silent = new RawReceiver(RawReceiver.Say(""));
        await using var reset = new RawReceiver(connection =>
        {
            connection.LingerState = new System.Net.Sockets.LingerOption(true, 0);
            return Task.CompletedTask;
        });
        await using var noHttp = new RawReceiver(RawReceiver.Say("SSH-2.0-OpenSSH_9.2\r\n"));
        await using Receiver bad = await Receiver.StartAsync();
        bad.AnswerAlways(500);
        foreach (string url in (string[])[Some.Url(), silent.Url, reset.Url, noHttp.Url, bad.Url.AbsoluteUri])
        {
            await Server.SubscribeAsync(new Uri(url), type);
        }

        // A hook whose secret cannot be decrypted, as after a restore of the database without its keys.
        await BreakAsync(await Server.SubscribeAsync(new Uri(Some.Url()), type), hook => hook with { Secret = "garbage" });
        const int Good = 5;
        for (int i = 0; i < Good; i++)
        {
            await Server.SubscribeAsync(new Uri($"{Receiver.Url}?hook={i}"), type);
        }

        await PublishSoonAsync(type, "{}");

        // The clock does not move, so only the publish itself can have caused these requests.
        var called = new List<string>();
        for (int i = 0; i < Good; i++)
        {
            called.Add((await Receiver.NextAsync()).PathAndQuery);
        }

        Assert.Equal(Enumerable.Range(0, Good).Select(i => $"{Receiver.Url.AbsolutePath}?hook={i}"), called.Order());
    }

    /// <summary>Argo CD notifications 79: if one subscriber failed, the retry notified all of them again.</summary>
    [Fact]
    public async Task A_retry_for_one_hook_does_not_notify_the_other_hooks_again()
    {
        string type = Some.EventType();
        await using Receiver failing = await Receiver.StartAsync();
        await using Receiver last = await Receiver.StartAsync();
        failing.AnswerNext(new Answer(500), new Answer(503));
        foreach (Receiver receiver in (Receiver[])[Receiver, failing, last])
        {
            await Server.SubscribeAsync(receiver.Url, type);
        }

        await PublishSoonAsync(type, "{}");
        Received[] tries = [await failing.NextAsync(), await NextAsync(failing), await NextAsync(failing)];
        await Receiver.NextAsync();
        await last.NextAsync();
        await Server.RestartAsync();
        await PublishSoonAsync(type, "2");

        Assert.Equal("2", (await NextAsync(Receiver)).Text);
        Assert.Equal("2", (await NextAsync(last)).Text);
        Assert.Equal((2, 2), (Receiver.Count, last.Count));
        Assert.Single(tries.Select(request => request.Header("webhook-id")).Distinct());
    }

    /// <summary>Convoy 1668: after a downtime, the next attempt was in the past and was never made.</summary>
    [Fact]
    public async Task Retries_continue_if_the_next_attempt_is_in_the_past()
    {
        Receiver.AnswerNext(new Answer(500), new Answer(500));
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        await hook.PublishAsync("1");
        await Receiver.NextAsync();
        await Server.StopAsync();
        Clock.Advance(TimeSpan.FromDays(1));
        await Server.StartAgainAsync();

        Assert.Equal("2", (await Receiver.NextAsync()).Header("Nyala-Attempt"));
        await hook.AttemptedAsync(2);

        Assert.True((await hook.DeliveryAsync()).Due > Clock.GetUtcNow());
        Assert.Equal("3", (await NextAsync(Receiver)).Header("Nyala-Attempt"));
        await hook.SettledAsync();
        Assert.Equal(DeliveryState.Delivered, (await hook.DeliveryAsync()).State);
    }

    /// <summary>GitLab 331407: events above the rate limit of a hook were dropped.</summary>
    [Fact]
    public async Task Events_above_the_rate_limit_are_not_dropped()
    {
        const int Events = 6;
        HookUnderTest hook = await HookUnderTest.AddAsync(Server, Receiver);
        await hook.WriteAsync(tables => tables.Hooks.Update(tables.Hooks.Find(hook.Number)! with { Rate = 30 }));
        Receiver.AnswerNext(Enumerable.Repeat(new Answer(429, "", ("Retry-After", "3")), Events));

        for (int i = 0; i < Events; i++)
        {
            await hook.PublishSoonAsync($"{i}");
        }

        await Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), hook.SettledAsync().ContinueWith(_ => true, TaskScheduler.Default));

        Assert.All(await hook.DeliveriesAsync(), delivery => Assert.Equal(DeliveryState.Delivered, delivery.State));
        Assert.Equal(Events * 2, Receiver.Count);
    }

    private Task<Received> NextAsync(Receiver receiver) => Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), receiver.NextAsync());

    private async Task PublishSoonAsync(string type, string body) =>
        Assert.Equal(202, (await Server.SendAsync(HttpMethod.Post, $"/api/hooks/publish/{type}", body, ("Prefer", "respond-async"))).Code);

    private Task BreakAsync(string id, Func<HookRecord, HookRecord> change) => Server.Store.WriteAsync(tables =>
    {
        tables.Hooks.Update(change(tables.Hooks.Find(long.Parse(id, System.Globalization.CultureInfo.InvariantCulture))!));
        return true;
    });
}
