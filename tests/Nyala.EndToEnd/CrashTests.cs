using System.Globalization;
using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>Deliveries that are queued or in flight survive <c>kill -9</c>. Kills at any moment are in <see cref="KillTests"/>.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly Machine _machine = new();

    public CrashTests() => _machine.Variables["NYALA_DELIVERY__RETRYSCHEDULE"] = Schedule.Short;

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task Events_accepted_before_a_kill_are_delivered_after_the_next_start()
    {
        int[] events = [.. Enumerable.Range(0, 40)];
        await using Receiver down = Receiver.Down();
        await using Receiver silent = await Receiver.StartAsync();
        silent.Hold();
        ServerProcess server = await _machine.ServeAsync();
        await SubscribeAsync(server, down);
        await SubscribeAsync(server, silent);

        foreach (int number in events)
        {
            Assert.True(await server.AcceptsAsync("Built", Body(number)));
        }

        Received cutOff = await silent.NextAsync();
        await server.KillAsync();

        // Requests of the killed server do not count, because all of them are sent again.
        await silent.ForgetAsync();
        await down.ListenAsync();
        await _machine.ServeAsync();

        await HearAsync(down, events);
        IReadOnlyList<Received> heard = await HearAsync(silent, events);
        Assert.Contains(heard, again => again.WebhookId == cutOff.WebhookId);
    }

    private static async Task SubscribeAsync(ServerProcess server, Receiver receiver) =>
        await server.Client.AddHookAsync(new HookRequest { Url = receiver.Url, Event = "Built" }, TestContext.Current.CancellationToken);

    /// <summary>Waits until every event was received, and returns all requests up to then.</summary>
    private static async Task<IReadOnlyList<Received>> HearAsync(Receiver receiver, IEnumerable<int> events)
    {
        HashSet<int> missing = [.. events];
        var heard = new List<Received>();
        while (missing.Count > 0)
        {
            Received request = await receiver.NextAsync();
            heard.Add(request);
            missing.Remove(NumberOf(request));
        }

        return heard;
    }

    private static string Body(int number) => string.Create(CultureInfo.InvariantCulture, $$"""{"number":{{number}}}""");

    private static int NumberOf(Received request) => request.Json.GetProperty("number").GetInt32();
}
