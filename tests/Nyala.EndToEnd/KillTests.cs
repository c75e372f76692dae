using System.Globalization;
using System.Security.Cryptography;
using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>
/// <c>kill -9</c> under load, again and again: while it serves, while it checkpoints its database, while it starts. Three times, or as often as
/// <c>NYALA_KILL_ROUNDS</c> says.
/// </summary>
public sealed class KillTests : IDisposable
{
    private static readonly int Rounds =
        int.TryParse(Environment.GetEnvironmentVariable("NYALA_KILL_ROUNDS"), CultureInfo.InvariantCulture, out int rounds) ? rounds : 3;

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
    public async Task Kills_at_any_moment_lose_no_event_that_was_accepted()
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

        int checkpoints = 0;
        int starts = 0;
        for (int round = 0; round < Rounds; round++)
        {
            // Each third one waits for the database file itself to be written, which only a checkpoint does.
            bool atCheckpoint = round % 3 == 1;
            checkpoints += await KillUnderLoadAsync(server, atCheckpoint) ? 1 : 0;
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
            + $"{ledgers.Length} hooks; {_publishers.Replayed} publishes repeated; {twice} deliveries came twice.");
        foreach (Ledger ledger in ledgers)
        {
            // An event that was accepted twice would have come as two deliveries.
            (int Number, long Delivery)[] distinct = [.. ledger.Taken.Distinct()];
            Assert.Equal(accepted.Count, distinct.Length);
            Assert.Equal(accepted.Order(), distinct.Select(item => item.Number).Order());
        }

        Assert.True(_publishers.Replayed > 0);
        long[] order = [.. ordered.Taken.Select(item => item.Delivery).Distinct()];
        Assert.Equal(order.Order(), order);
    }

    /// <returns>Whether it was killed in a checkpoint.</returns>
    private async Task<bool> KillUnderLoadAsync(ServerProcess server, bool atCheckpoint)
    {
        var now = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        int enough = atCheckpoint ? 1500 : RandomNumberGenerator.GetInt32(1, 250);
        using var database = new FileSystemWatcher(_machine.Data, "nyala.db") { NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.Size };
        database.Changed += (_, _) => now.TrySetResult(true);
        database.EnableRaisingEvents = atCheckpoint;
        Task publishing = _publishers.UntilGoneAsync(server, accepted =>
        {
            if (accepted >= enough)
            {
                now.TrySetResult(false);
            }
        });

        bool written = await now.Task.InTimeAsync();
        await server.KillAsync();
        await publishing;
        return written;
    }

    /// <summary>Starts a server and kills it at one of the changes that a start makes to its data folder, or when it greets.</summary>
    private async Task KillWhileStartingAsync()
    {
        var now = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        int changes = RandomNumberGenerator.GetInt32(1, 12);
        using var folder = new FileSystemWatcher(_machine.Data) { IncludeSubdirectories = true };
        folder.Changed += Count;
        folder.Created += Count;
        folder.Deleted += Count;
        folder.EnableRaisingEvents = true;
        NyalaProcess starting = _machine.Start("serve", "--urls", "http://127.0.0.1:0", "--data", _machine.Data);
        await Task.WhenAny(now.Task, starting.Out.HoldsAsync("/api/hooks\n"));
        starting.Signal("KILL");
        await starting.EndAsync();

        void Count(object sender, FileSystemEventArgs change)
        {
            if (Interlocked.Decrement(ref changes) == 0)
            {
                now.TrySetResult(true);
            }
        }
    }
}
