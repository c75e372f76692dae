using Microsoft.Extensions.DependencyInjection;
using Nyala.Server.Delivery;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>A commit that does not come back: what can be sent is sent, as far as memory goes.</summary>
public sealed class StuckDiskTests
{
    private const int Events = 100;
    private const int Body = 1024 * 1024;

    [Fact]
    public async Task No_attempt_begins_while_too_much_waits_for_the_disk_and_all_go_out_once_it_is_back()
    {
        await using TestServer server = await TestServer.StartAsync();
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
            return disk.Wait(Signals.Limit);
        });
        await stuck.Task.InTimeAsync();
        receiver.Release();
        HeldOutcomes held = server.Server.Services.GetRequiredService<HeldOutcomes>();
        AttemptSlots slots = server.Server.Services.GetRequiredService<AttemptSlots>();
        await UntilAsync(() => held.Bytes >= HeldOutcomes.MaxBytes && slots.InFlight == 0);
        int sent = receiver.Count;
        disk.Set();

        // Those in flight when the bound was reached come on top of it.
        Assert.InRange(sent, (HeldOutcomes.MaxBytes / Body) - 1, (HeldOutcomes.MaxBytes / Body) + new DeliveryOptions().InFlightPerHook);
        Assert.True(await commit);
        await hook.SettledAsync();
        Assert.Equal((Events, 0, 0), (receiver.Count, held.Count, held.Bytes));
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
}
