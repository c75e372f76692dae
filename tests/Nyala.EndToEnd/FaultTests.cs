using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>At a real server, receivers that hang do not block other hooks, and a receiver that repeatedly goes down misses no event.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("5m", 512)]
    [InlineData("2s", 512)]
    [InlineData("5m", 32)]
    public async Task Receivers_that_hang_do_not_block_deliveries_to_other_hooks(string timeOut, int inFlight)
    {
        // One in five hooks has a receiver that hangs. Each of these hooks has more deliveries than it may have in flight.
        const int Healthy = 12;
        const int Hanging = 3;
        const int Events = 60;
        _machine.Variables["NYALA_DELIVERY__RETRYSCHEDULE"] = Schedule.Short;
        _machine.Variables["NYALA_DELIVERY__INFLIGHTPERNODE"] = $"{inFlight}";
        _machine.Variables["NYALA_OUTBOUND__ATTEMPTTIMEOUT"] = timeOut;
        _machine.Variables["NYALA_OUTBOUND__CONNECTTIMEOUT"] = "2s";

        // On a busy machine, a healthy receiver may also be too slow. It is then tried again soon.
        _machine.Variables["NYALA_DELIVERY__BREAKERPROBE"] = "100ms";
        _machine.Variables["NYALA_DELIVERY__BREAKERPROBEMAX"] = "1s";
        await using Receiver hanging = await Receiver.StartAsync();
        await using Ledger healthy = await Ledger.StartAsync(failEvery: 0);
        hanging.Hold();
        ServerProcess server = await _machine.ServeAsync();
        for (int i = 0; i < Healthy + Hanging; i++)
        {
            string url = i % 5 == 2 ? $"{hanging.Url}{i}" : $"{healthy.Url}{i}";
            await server.Client.AddHookAsync(new HookRequest { Url = url, Event = "Built" }, TestContext.Current.CancellationToken);
        }

        for (int number = 0; number < Events; number++)
        {
            Assert.True(await server.AcceptsAsync("Built", $$"""{"number":{{number}}}"""));
        }

        // The requests that hang are never released, so a delivery that waits for them would wait forever.
        await healthy.TakesAsync(Events * Healthy);
        Assert.True(hanging.HasMore);
        Assert.All(healthy.Taken.Distinct().GroupBy(item => item.Number), heard => Assert.Equal(Healthy, heard.Count()));
    }

    [Fact]
    public async Task A_receiver_that_repeatedly_goes_down_gets_every_event()
    {
        const int Times = 3;
        const int Events = 20;
        _machine.Variables["NYALA_DELIVERY__RETRYSCHEDULE"] = Schedule.Short;
        _machine.Variables["NYALA_DELIVERY__BREAKERPROBE"] = "100ms";
        _machine.Variables["NYALA_DELIVERY__BREAKERPROBEMAX"] = "1s";
        await using Receiver receiver = Receiver.Down();
        ServerProcess server = await _machine.ServeAsync();
        Hook hook = await server.Client.AddHookAsync(new HookRequest { Url = receiver.Url, Event = "Built" }, TestContext.Current.CancellationToken);
        int number = 0;
        var missing = new HashSet<int>();
        for (int time = 0; time < Times; time++)
        {
            await PublishAsync();
            await HeldAsync(server, hook).InTimeAsync();
            await receiver.ListenAsync();
            await PublishAsync();

            // The receiver goes down again while events are being delivered.
            Received first = await receiver.NextAsync();
            missing.Remove(NumberOf(first));
            await receiver.GoDownAsync();
        }

        await receiver.ListenAsync();
        while (missing.Count > 0)
        {
            missing.Remove(NumberOf(await receiver.NextAsync()));
        }

        async Task PublishAsync()
        {
            for (int i = 0; i < Events; i++)
            {
                missing.Add(++number);
                Assert.True(await server.AcceptsAsync("Built", $$"""{"number":{{number}}}"""));
            }
        }
    }

    private static int NumberOf(Received request) => request.Json.GetProperty("number").GetInt32();

    /// <summary>Polls until the circuit breaker holds the hook's deliveries.</summary>
    private static async Task<bool> HeldAsync(ServerProcess server, Hook hook)
    {
        while ((await server.Client.GetHookAsync(hook.Id, TestContext.Current.CancellationToken)).HeldUntil is null)
        {
        }

        return true;
    }
}
