using System.Globalization;
using System.Security.Cryptography;
using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>
/// Repeated <c>kill -9</c> of a server under load: while it serves, while it checkpoints its database, and while it starts. There are three rounds,
/// or as many as <c>NYALA_KILL_ROUNDS</c> says.
/// </summary>
public sealed class KillTests : IDisposable
{
    private static readonly int Rounds =
        int.TryParse(Environment.GetEnvironmentVariable("NYALA_KILL_ROUNDS"), CultureInfo.InvariantCulture, out int rounds) ? rounds : 3;

    /// <summary>The maximum number of kills that are tried to hit a short moment.</summary>
    private const int Attempts = 12;

    private readonly Machine _machine = new();
    private readonly Publishers _publishers = new();

    public KillTests()
    {
        _machine.Variables["NYALA_DELIVERY__RETRYSCHEDULE"] = Schedule.Shortest;
        _machine.Variables["NYALA_DELIVERY__BREAKERPROBE"] = "100ms";
        _machine.Variables["NYALA_DELIVERY__BREAKERPROBEMAX"] = "1s";
    }

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task Kills_at_any_moment_lose_no_accepted_event()
    {
        await using Ledger steady = await Ledger.StartAsync(failEvery: 0);
        await using Ledger failing = await Ledger.StartAsync(failEvery: 3);
        await using Ledger ordered = await Ledger.StartAsync(failEvery: 50);
        Ledger[] ledgers = [steady, failing, ordered];
        ServerProcess server = await _machine.ServeAsync();
        foreach (Ledger ledger in ledgers)
        {
            await server.Client.AddHookAsync(
                new HookRequest { Url = ledger.Url, Event = "Built", Ordered = ledger == ordered }, TestContext.Current.CancellationToken);
        }

        int owed = 0;
        int checkpoints = 0;
        int starts = 0;
        for (int round = 0; round < Rounds; round++)
        {
            int cutOff = _publishers.CutOff;
            if (round % 3 == 1)
            {
                await KillInCheckpointAsync(server);
                checkpoints++;
            }
            else
            {
                await KillUnderLoadAsync(server, RandomNumberGenerator.GetInt32(1, 250));
            }

            Assert.True(_publishers.CutOff > cutOff, "The kill cut off no publish request.");
            foreach (Ledger ledger in ledgers)
            {
                owed += (await ledger.OwedAfterAKillAsync(_publishers.Accepted)).Count;
            }

            if (round % 3 == 2)
            {
                await KillWhileStartingAsync();
                starts++;
            }

            server = await _machine.ServeAsync();
        }

        await _publishers.CatchUpAsync(server);
        IReadOnlyCollection<int> accepted = _publishers.Accepted;
        foreach (Ledger ledger in ledgers)
        {
            await ledger.HearsAsync(accepted);
        }

        int twice = ledgers.Sum(ledger => ledger.Taken.Count - ledger.Taken.Distinct().Count());
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{Rounds} kills under load, {checkpoints} of them in a checkpoint, {starts} more while starting; {accepted.Count} events accepted, each heard of by "
            + $"{ledgers.Length} hooks, {owed} times after a kill that had come between; {_publishers.CutOff} publishes cut off, {_publishers.Replayed} of them accepted; {twice} deliveries came twice.");
        Assert.True(owed > 0, "Every event was delivered before the kills.");
        Assert.Equal((Rounds / 3) + (Rounds % 3 == 2 ? 1 : 0), checkpoints);
        Assert.Equal(Rounds / 3, starts);
        Assert.Empty(_publishers.Ids.Except(await RecordedAsync(server)));
        foreach (Ledger ledger in ledgers)
        {
            // An event that was accepted twice would have two deliveries.
            (int Number, long Delivery)[] distinct = [.. ledger.Taken.Distinct()];
            Assert.Equal(accepted.Count, distinct.Length);
            Assert.Equal(accepted.Order(), distinct.Select(item => item.Number).Order());
        }

        long[] order = [.. ordered.Taken.Select(item => item.Delivery).Distinct()];
        Assert.Equal(order.Order(), order);
    }

    private static async Task<IReadOnlyCollection<string>> RecordedAsync(ServerProcess server)
    {
        var ids = new HashSet<string>();
        await foreach (RecordedEvent recorded in server.Client.ListEventsAsync(new EventSearch { Type = "Built" }, cancellationToken: TestContext.Current.CancellationToken))
        {
            ids.Add(recorded.Id);
        }

        return ids;
    }

    private async Task KillUnderLoadAsync(ServerProcess server, int enough)
    {
        var now = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task publishing = _publishers.UntilGoneAsync(server, accepted =>
        {
            if (accepted >= enough)
            {
                now.TrySetResult(true);
            }
        });
        await now.Task.InTimeAsync();
        await server.KillAsync();
        await publishing;
    }

    /// <summary>Kills servers until one was killed in the middle of a checkpoint. Only a checkpoint writes to the database file itself.</summary>
    private async Task KillInCheckpointAsync(ServerProcess server)
    {
        for (int attempt = 1; ; attempt++)
        {
            var now = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            using var database = new FileSystemWatcher(_machine.Data, "nyala.db") { NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.Size };
            database.Changed += (_, _) => now.TrySetResult(true);
            database.EnableRaisingEvents = true;
            Task publishing = _publishers.UntilGoneAsync(server, _ => { });
            await now.Task.InTimeAsync("a checkpoint begins");
            await server.KillAsync();
            await publishing;
            if (IsInCheckpoint())
            {
                return;
            }

            Assert.True(attempt < Attempts, "No kill hit a checkpoint.");
            server = await _machine.ServeAsync();
        }
    }

    /// <summary>
    /// Whether the last server ended in the middle of a checkpoint. The index of the log says how far a checkpoint was attempted and how far it got
    /// (https://sqlite.org/walformat.html).
    /// </summary>
    private bool IsInCheckpoint()
    {
        const int Done = 96;
        const int Attempted = 128;
        byte[] index = File.ReadAllBytes(Path.Combine(_machine.Data, "nyala.db-shm"));
        return BitConverter.ToUInt32(index, Attempted) > BitConverter.ToUInt32(index, Done);
    }

    /// <summary>Starts servers until one was killed before its greeting, at one of the changes that a start makes to the data folder.</summary>
    private async Task KillWhileStartingAsync()
    {
        for (int attempt = 1; !await TryKillWhileStartingAsync(RandomNumberGenerator.GetInt32(1, 2 + (10 / attempt))); attempt++)
        {
            Assert.True(attempt < Attempts, "No kill hit a start.");
        }
    }

    /// <returns>Whether the server was killed before its greeting.</returns>
    private async Task<bool> TryKillWhileStartingAsync(int changes)
    {
        var now = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var folder = new FileSystemWatcher(_machine.Data) { IncludeSubdirectories = true };
        folder.Changed += Count;
        folder.Created += Count;
        folder.Deleted += Count;
        folder.EnableRaisingEvents = true;
        NyalaProcess starting = _machine.Start("serve", "--urls", "http://127.0.0.1:0", "--data", _machine.Data);
        await Task.WhenAny(now.Task, starting.Out.HoldsAsync("/api/hooks\n"));
        starting.Kill();
        (int exitCode, string output, _) = await starting.EndAsync();
        return exitCode == 128 + 9 && output.Length == 0;

        void Count(object sender, FileSystemEventArgs change)
        {
            if (Interlocked.Decrement(ref changes) == 0)
            {
                now.TrySetResult(true);
            }
        }
    }
}
