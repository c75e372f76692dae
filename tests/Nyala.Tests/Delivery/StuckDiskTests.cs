using Microsoft.Extensions.DependencyInjection;
using Nyala.Server.Delivery;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>A commit that hangs, or a full disk: deliveries are still sent, up to the limit on held outcomes.</summary>
public sealed class StuckDiskTests
{
    private const int Events = 100;
    private const int Body = 1024 * 1024;

    /// <summary>Moving 100 MiB may take longer than <see cref="Signals.Limit"/>.</summary>
    private static readonly TimeSpan LongLimit = Signals.Limit * 4;

    [Fact]
    public async Task Attempts_pause_while_too_many_outcomes_wait_for_the_disk_and_resume_afterwards()
    {
        // Attempts stay in flight until all events are published.
        await using TestServer server = await TestServer.StartAsync(options => options.Outbound.AttemptTimeout = TimeSpan.FromMinutes(5));
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Hold();
        HookUnderTest hook = await HookUnderTest.AddAsync(server, receiver);
        string body = $"\"{new string('x', Body - 2)}\"";
        for (int i = 0; i < Events; i++)
        {
            await hook.PublishSoonAsync(body);
        }

        using var disk = new ManualResetEventSlim();
        var stuck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<bool> commit = server.Store.WriteAsync(_ =>
        {
            stuck.SetResult();
            return disk.Wait(LongLimit);
        });
        await stuck.Task.InTimeAsync();
        receiver.Release();
        HeldOutcomes held = server.Server.Services.GetRequiredService<HeldOutcomes>();
        AttemptSlots slots = server.Server.Services.GetRequiredService<AttemptSlots>();
        await UntilAsync(() => held.Bytes >= HeldOutcomes.MaxBytes && slots.InFlight == 0);
        int sent = receiver.Count;
        disk.Set();

        // Attempts in flight when the limit was reached come on top of it.
        Assert.InRange(sent, (HeldOutcomes.MaxBytes / Body) - 1, (HeldOutcomes.MaxBytes / Body) + new DeliveryOptions().InFlightPerHook);
        Assert.True(await commit);
        await UntilAsync(() => receiver.Count >= Events && held.Count == 0);
        await hook.SettledAsync();
        Assert.Equal((Events, 0, 0), (receiver.Count, held.Count, held.Bytes));
    }

    [Fact]
    public async Task A_lane_that_starts_on_a_full_disk_sends_accepted_events_and_records_them_later()
    {
        var disk = new FaultyStore();
        await using TestServer server = await TestServer.StartAsync(options => options.Delivery.StopTimeout = TimeSpan.Zero, replace: disk.PutUnder);
        await using Receiver receiver = await Receiver.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(server, receiver);
        receiver.Hold();
        await hook.PublishSoonAsync("1");
        await hook.PublishSoonAsync("2");
        await receiver.NextAsync();
        await receiver.NextAsync();
        await server.StopAsync();
        receiver.Release();

        disk.Full = true;
        await server.StartAgainAsync();
        await receiver.NextAsync();
        await receiver.NextAsync();
        disk.Full = false;
        await hook.SettledAsync();

        Assert.Equal(4, receiver.Count);
        Assert.All(await hook.DeliveriesAsync(), delivery => Assert.Equal(DeliveryState.Delivered, delivery.State));
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        using var limit = new CancellationTokenSource(LongLimit);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!reached())
        {
            Assert.True(await look.WaitForNextTickAsync(limit.Token));
        }
    }
}
