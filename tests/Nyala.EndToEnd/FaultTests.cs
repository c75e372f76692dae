using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>Receivers that hang, and one that comes and goes, at a real server: nobody else waits, and nothing is lost.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("5m", 512)]
    [InlineData("2s", 512)]
    [InlineData("5m", 32)]
    public async Task Hooks_that_hang_hold_up_no_other(string timeOut, int inFlight)
    {
        // One in five hangs; each of them has more to do than a hook may have in flight.
        const int Healthy = 12;
        const int Hanging = 3;
        const int Events = 60;
        _machine.Variables["NYALA_DELIVERY__RETRYSCHEDULE"] = Schedule.Short;
        _machine.Variables["NYALA_DELIVERY__INFLIGHTPERNODE"] = $"{inFlight}";
        _machine.Variables["NYALA_OUTBOUND__ATTEMPTTIMEOUT"] = timeOut;
        _machine.Variables["NYALA_OUTBOUND__CONNECTTIMEOUT"] = "2s";

        // On a busy machine a healthy receiver may be too late as well: then it is called again, and soon.
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

        // Nothing that hangs is ever let go: whoever waited for it would wait for ever.
        await healthy.TakesAsync(Events * Healthy);
        Assert.True(hanging.HasMore);
        Assert.All(healthy.Taken.Distinct().GroupBy(item => item.Number), heard => Assert.Equal(Healthy, heard.Count()));
    }

    [Fact]
    public async Task A_receiver_that_comes_and_goes_hears_everything()
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

            // It goes again in the midst of them.
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

    /// <summary>Looks until the hook's breaker holds it.</summary>
    private static async Task<bool> HeldAsync(ServerProcess server, Hook hook)
    {
        while ((await server.Client.GetHookAsync(hook.Id, TestContext.Current.CancellationToken)).HeldUntil is null)
        {
        }

        return true;
    }
}
