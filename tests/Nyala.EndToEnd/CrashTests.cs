using System.Collections.Concurrent;
using System.Globalization;
using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary><c>kill -9</c> at any moment loses no accepted event.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly Machine _machine = new();

    public CrashTests() => _machine.Variables["NYALA_DELIVERY__RETRYSCHEDULE"] = Schedule.Short;

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task What_was_accepted_before_a_kill_arrives_after_the_next_start()
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
        await down.ListenAsync();
        silent.Release();
        await _machine.ServeAsync();

        await HearAsync(down, events);
        IReadOnlyList<Received> heard = await HearAsync(silent, events);
        Assert.Contains(heard, again => again.WebhookId == cutOff.WebhookId);
    }

    [Fact]
    public async Task Kills_while_publishing_lose_no_event_that_was_answered_202()
    {
        const int Rounds = 3;
        var accepted = new ConcurrentBag<int>();
        int tried = 0;
        await using Receiver receiver = await Receiver.StartAsync();
        ServerProcess server = await _machine.ServeAsync();
        await SubscribeAsync(server, receiver);
        for (int round = 1; round <= Rounds; round++)
        {
            var enough = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            int goal = accepted.Count + (40 * round);
            Task[] publishers = [.. Enumerable.Range(0, 8).Select(_ => PublishAsync(server, enough, goal))];
            await enough.Task.InTimeAsync();
            await server.KillAsync();
            await Task.WhenAll(publishers);
            server = await _machine.ServeAsync();
        }

        IReadOnlyList<Received> heard = await HearAsync(receiver, [.. accepted]);
        int known = heard.Select(NumberOf).Distinct().Count();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{Rounds} kills, {tried} events sent, {accepted.Count} answered 202, {known} heard of, {heard.Count - known} deliveries twice.");

        async Task PublishAsync(ServerProcess target, TaskCompletionSource<bool> enough, int goal)
        {
            try
            {
                while (true)
                {
                    int number = Interlocked.Increment(ref tried);
                    if (await target.AcceptsAsync("Built", Body(number)))
                    {
                        accepted.Add(number);
                    }

                    if (accepted.Count >= goal)
                    {
                        enough.TrySetResult(true);
                    }
                }
            }
            catch (HttpRequestException)
            {
                // Killed: what had no answer was promised to nobody.
            }
        }
    }

    private static async Task SubscribeAsync(ServerProcess server, Receiver receiver) =>
        await server.Client.AddHookAsync(new HookRequest { Url = receiver.Url, Event = "Built" }, TestContext.Current.CancellationToken);

    /// <summary>Waits until every event was heard, and gives all that came until then.</summary>
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
