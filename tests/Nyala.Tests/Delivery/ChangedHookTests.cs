using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Nyala.Client;
using Nyala.Server.Delivery;
using Nyala.Server.Outbound;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>After the response to a change of a hook, no attempt starts under the old hook, however far the attempt had come.</summary>
public sealed class ChangedHookTests
{
    public static TheoryData<string> EachChange() => ["pause", "delete", "resubscribe", "patch", "rotate-secret"];

    [Theory, MemberData(nameof(EachChange))]
    public async Task A_change_applies_to_an_attempt_that_waits_for_a_slot(string change)
    {
        await using TestServer server = await TestServer.StartAsync(options => options.Delivery.InFlightPerNode = 2);
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(server, receiver);
        AttemptSlots slots = server.Server.Services.GetRequiredService<AttemptSlots>();
        AttemptSlots.Share[] others = [new(), new()];
        await Task.WhenAll(others.Select(other => slots.TakeAsync(other, first: true, TestContext.Current.CancellationToken)));
        await hook.PublishSoonAsync("1");
        await UntilAsync(() => slots.Waiting == 1);

        Check check = await ChangeAsync(server, hook, receiver.Url.AbsoluteUri, change);
        slots.Return(others[0], first: true);

        await check(receiver);
    }

    [Theory, MemberData(nameof(EachChange))]
    public async Task A_change_applies_to_an_attempt_that_waits_for_its_connection(string change)
    {
        var resolver = new SlowResolver();
        await using TestServer server = await TestServer.StartAsync(replace: services => services.AddSingleton<IResolver>(resolver));
        await using Receiver receiver = await Receiver.StartAsync();
        string url = new UriBuilder(receiver.Url) { Host = "receiver.example" }.Uri.AbsoluteUri;
        HookUnderTest hook = await HookUnderTest.AddAsync(server, url);
        await hook.PublishSoonAsync("1");
        await resolver.Asked.Task.InTimeAsync();

        Check check = await ChangeAsync(server, hook, url, change);
        resolver.Known.SetResult();

        await check(receiver);
    }

    [Fact]
    public async Task No_attempt_starts_after_a_410_even_if_that_outcome_cannot_be_written_yet()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.Delivery.InFlightPerHook = 1);
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(server, receiver);
        receiver.Hold();
        receiver.AnswerNext(new Answer(410));
        for (int i = 0; i < 20; i++)
        {
            await hook.PublishSoonAsync($"{i}");
        }

        await receiver.NextAsync();
        using var disk = new ManualResetEventSlim();
        var stuck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<bool> commit = server.Store.WriteAsync(_ =>
        {
            stuck.SetResult();
            return disk.Wait(Signals.Limit);
        });
        await stuck.Task.InTimeAsync();
        HeldOutcomes held = server.Server.Services.GetRequiredService<HeldOutcomes>();
        AttemptSlots slots = server.Server.Services.GetRequiredService<AttemptSlots>();

        receiver.Release();
        await UntilAsync(() => held.Count > 0 && slots.InFlight == 0);
        disk.Set();

        Assert.True(await commit);
        await hook.SettledAsync();
        Assert.Equal(1, receiver.Count);
        Assert.All(await hook.DeliveriesAsync(), delivery => Assert.Equal(DeliveryState.Gone, delivery.State));
    }

    private delegate Task Check(Receiver receiver);

    /// <summary>Changes the hook and returns the check for what must hold afterwards.</summary>
    private static async Task<Check> ChangeAsync(TestServer server, HookUnderTest hook, string url, string change)
    {
        string path = $"/api/hooks/{hook.Id}";
        switch (change)
        {
            case "pause":
                Assert.Equal(200, (await server.SendAsync(HttpMethod.Post, $"{path}/pause")).Code);
                return async receiver =>
                {
                    // The first request after the resume shows that none was sent during the pause.
                    AttemptSlots slots = server.Server.Services.GetRequiredService<AttemptSlots>();
                    await UntilAsync(() => slots.Waiting == 0);
                    Assert.Equal(200, (await server.SendAsync(HttpMethod.Patch, path, """{"headers":{"X-After":"yes"}}""")).Code);
                    Assert.Equal(200, (await server.SendAsync(HttpMethod.Post, $"{path}/resume")).Code);
                    Assert.Equal("yes", (await receiver.NextAsync()).Header("X-After"));
                    await hook.SettledAsync();
                    Assert.Equal((1, 1), (receiver.Count, (await hook.DeliveryAsync()).Attempts));
                };
            case "delete":
                Assert.Equal(200, (await server.DeleteAsync(path)).Code);
                return async receiver =>
                {
                    await hook.SettledAsync();
                    Assert.Equal((DeliveryState.Gone, 0), ((await hook.DeliveryAsync()).State, receiver.Count));
                };
            case "patch":
                Assert.Equal(200, (await server.SendAsync(HttpMethod.Patch, path, """{"headers":{"X-Team":"web"}}""")).Code);
                return async receiver => await OnceAsync(receiver, hook, request => Assert.Equal("web", request.Header("X-Team")));
            default:
                Reply reply = change == "rotate-secret"
                    ? await server.SendAsync(HttpMethod.Post, $"{path}/rotate-secret", """{"overlap":"0s"}""")
                    : await server.SendAsync(
                        HttpMethod.Post, "/api/hooks", Some.Hook(url, (await hook.ReadAsync())["event"]).ToJsonString().Replace("}", $$""","secret":"{{WebhookSecret.Create()}}"}""", StringComparison.Ordinal));
                string secret = reply["secret"];
                Assert.NotEqual(hook.Secret, secret);
                return async receiver => await OnceAsync(receiver, hook, request => Assert.Equal(Sign(secret, request), request.Header("webhook-signature")));
        }
    }

    private static async Task OnceAsync(Receiver receiver, HookUnderTest hook, Action<Received> check)
    {
        check(await receiver.NextAsync());
        await hook.SettledAsync();
        Assert.Equal((1, 1), (receiver.Count, (await hook.DeliveryAsync()).Attempts));
    }

    private static string Sign(string secret, Received request)
    {
        Assert.True(WebhookSecret.TryDecode(secret, out byte[] key));
        return WebhookSignature.Sign(key, request.Header("webhook-id")!, request.Header("webhook-timestamp")!, request.Body);
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        using var limit = new CancellationTokenSource(Signals.Limit);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!reached())
        {
            Assert.True(await look.WaitForNextTickAsync(limit.Token));
        }
    }

    /// <summary>Resolves every name to the loopback address, once the test allows it.</summary>
    private sealed class SlowResolver : IResolver
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Known { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
        {
            Asked.TrySetResult();
            await Known.Task.WaitAsync(cancellationToken);
            return [IPAddress.Loopback];
        }
    }
}
