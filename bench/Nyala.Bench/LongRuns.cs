using Nyala.Bench.Front;

namespace Nyala.Bench;

/// <summary>The measurements that take long. Each has its own data.</summary>
internal static class LongRuns
{
    private const double Mebi = 1024 * 1024;

    public static async Task WriteAsync(
        TextWriter output, BenchOptions options, string folder, byte[] body, ReceiverProcess receiver, CancellationToken cancellationToken)
    {
        await WriteBurdensAsync(output, options, new BurdenRuns(folder, options, body, receiver, cancellationToken));
        if (options.Wants(Measurements.Search))
        {
            await WriteSearchAsync(output, options, folder, cancellationToken);
        }

        if (options.Wants(Measurements.Flood))
        {
            FloodFigures flood = await new FloodRun(folder, body, cancellationToken).RunAsync();
            output.WriteLine();
            output.WriteLine(Report.Row($"publishes beside {flood.Logs:N0} logs of a million lines, ms", "p50", "p99", "most", "target"));
            WriteTimes(output, "alone", flood.Alone);
            WriteTimes(output, "beside them", flood.Beside, "p99 ≤ 250");
        }

        if (options.Wants(Measurements.Fan))
        {
            FanFigures fan = await new FanRun(folder, options.Fan, body, cancellationToken).RunAsync();
            output.WriteLine();
            output.WriteLine(Report.Row($"an event for {options.Fan:N0} hooks", "p50", "p99", "most", "target"));
            WriteTimes(output, "others' publishes, without it, ms", fan.Alone);
            WriteTimes(output, "the same, beside it", fan.Beside, "p99 ≤ 250");
            output.WriteLine(Report.Row("all at the receiver, s", Report.Number(fan.Took.TotalSeconds, "N1")));
            output.WriteLine(Report.Row("memory for each, bytes", Report.Number(fan.MemoryEach, "N0"), "≤ 4,096"));
        }

        if (options.Wants(Measurements.Stop))
        {
            const int Hooks = 11_000;
            TimeSpan stop = await new StopRun(folder, Hooks, body, cancellationToken).RunAsync();
            output.WriteLine();
            output.WriteLine(Report.Row($"{Hooks:N0} hooks without response, stop", "s", "target"));
            output.WriteLine(Report.Row("until the process has ended", Report.Number(stop.TotalSeconds, "N1"), "≤ 16"));
        }

        var deploys = new DeployRuns(folder, options, cancellationToken);
        if (options.Wants(Measurements.Push))
        {
            WritePush(output, options, await deploys.PushAsync());
        }

        if (options.Wants(Measurements.Zip))
        {
            WriteZip(output, await deploys.ZipAsync());
        }

        if (options.Wants(Measurements.Peers))
        {
            await WritePeersAsync(output, options, folder, body, receiver, cancellationToken);
        }

        if (options.Wants(Measurements.Front))
        {
            FrontFigures figures = await new FrontRun(options, Directory.CreateDirectory(Path.Combine(folder, "front")).FullName, receiver, cancellationToken).RunAsync();
            FrontReport.Write(output, options, figures);
        }
    }

    private static async Task WriteBurdensAsync(TextWriter output, BenchOptions options, BurdenRuns burdens)
    {
        if (options.Wants(Measurements.Idle))
        {
            double bytes = await burdens.IdleAsync();
            output.WriteLine();
            output.WriteLine(Report.Row($"{options.IdleHooks:N0} idle hooks", "bytes each", "target"));
            output.WriteLine(Report.Row("memory above a server without hooks", Report.Number(bytes, "N1"), "≤ 1,024"));
        }

        if (options.Wants(Measurements.Pending))
        {
            PendingFigures pending = await burdens.PendingAsync();
            output.WriteLine();
            output.WriteLine(Report.Row($"{options.Pending:N0} pending, cold start", "", "target"));
            output.WriteLine(Report.Row("first at its receiver, s", Report.Number(pending.First.TotalSeconds, "N2"), "≤ 5"));
            output.WriteLine(Report.Row("all at their receivers, s", Report.Number(pending.All.TotalSeconds, "N1")));
            output.WriteLine(Report.Row("memory at most, MiB", Report.Number(pending.Memory / Mebi, "N0"), "≤ 400"));
        }

        if (options.Wants(Measurements.Past))
        {
            (double median, double lowest, double highest) = await burdens.PastAsync();
            output.WriteLine();
            output.WriteLine(Report.Row($"{options.Past:N0} past attempts", "ratio", "lowest", "highest", "target"));
            output.WriteLine(Report.Row("rate over that with none", Report.Number(median, "N2"), Report.Number(lowest, "N2"), Report.Number(highest, "N2"), "≥ 0.90"));
        }
    }

    private static async Task WriteSearchAsync(TextWriter output, BenchOptions options, string folder, CancellationToken cancellationToken)
    {
        const int Shown = 8;
        IReadOnlyList<(string Path, TimeSpan Median)> times = await new SearchRun(folder, options.Record, options.Rounds, cancellationToken).RunAsync();
        await output.WriteLineAsync();
        await output.WriteLineAsync(Report.Row($"{times.Count} lists over {options.Record:N0}", "ms", "target"));
        await output.WriteLineAsync(Report.Row("median of all", Report.Number(Statistics.Median([.. times.Select(time => time.Median.TotalMilliseconds)]), "N1")));
        await output.WriteLineAsync(Report.Row("worst", Report.Number(times[0].Median.TotalMilliseconds, "N1"), "≤ 20"));
        foreach ((string path, TimeSpan median) in times.Take(Shown))
        {
            await output.WriteLineAsync($"  {Report.Number(median.TotalMilliseconds, "N1"),6}  {path}");
        }
    }

    private static void WriteTimes(TextWriter output, string name, List<double> times, string target = "") => output.WriteLine(Report.Row(
        name, Report.Number(Statistics.Median(times), "N1"), Report.Number(Statistics.Percentile(times, 0.99), "N1"), Report.Number(times.Max(), "N1"), target));

    private static void WritePush(TextWriter output, BenchOptions options, PushFigures push)
    {
        output.WriteLine();
        output.WriteLine(Report.Row($"{options.Pushes} pushes, ms", "p50", "over bare", "p99", "target"));
        Write("git push, to the same repository without a server", push.Bare);
        Write("git push, to the same by git's own http-backend", push.Backend);
        Write("git push, of a branch that is not deployed", push.Stored);
        Write("git push → hook's call at its receiver", push.Heard, "≤ 1.50");
        Write("git push → end of the push", push.Whole);

        void Write(string name, List<double> times, string target = "") => output.WriteLine(Report.Row(
            name,
            Report.Number(Statistics.Median(times), "N1"),
            Report.Number(Statistics.Median(times) / Statistics.Median(push.Bare), "N2"),
            Report.Number(Statistics.Percentile(times, 0.99), "N1"),
            target));
    }

    private static void WriteZip(TextWriter output, ZipFigures zip)
    {
        output.WriteLine();
        output.WriteLine(Report.Row($"a zip of {zip.Size / Mebi:N0} MiB", "", "target"));
        output.WriteLine(Report.Row("memory at most, MiB", Report.Number(zip.Most / Mebi, "N0"), "≤ 100"));
        output.WriteLine(Report.Row("of this, before the zip, MiB", Report.Number(zip.Before / Mebi, "N0")));
        output.WriteLine(Report.Row("of this, file pages, at the end, MiB", Report.Number(zip.FilePages / Mebi, "N0")));
        output.WriteLine(Report.Row("took, s", Report.Number(zip.Took.TotalSeconds, "N1")));
    }

    private static async Task WritePeersAsync(
        TextWriter output, BenchOptions options, string folder, byte[] body, ReceiverProcess receiver, CancellationToken cancellationToken)
    {
        using PeerRun peers = await PeerRun.StartAsync(options, folder, receiver.Address, cancellationToken);
        await output.WriteLineAsync();
        foreach (string missing in peers.Missing)
        {
            await output.WriteLineAsync(missing);
        }

        if (peers.Peers.Count == 0)
        {
            return;
        }

        double nyala = await RateOfNyalaAsync(options, Path.Combine(folder, "beside-peers"), body, receiver, cancellationToken);
        await output.WriteLineAsync(Report.Row("a hook for each event, warm", "events", "per second", "Nyala ×"));
        await output.WriteLineAsync(Report.Row("Nyala on SQLite, fan-out 1", Report.Number(options.Requests, "N0"), Report.Number(nyala, "N0"), "1"));
        foreach (Peer peer in peers.Peers)
        {
            double rate = await peers.RunAsync(peer, cancellationToken);
            await output.WriteLineAsync(Report.Row(
                peer.Title, Report.Number(peers.EventsOf(peer), "N0"), Report.Number(rate, "N0"), Report.Number(nyala / rate, "N1")));
        }
    }

    private static async Task<double> RateOfNyalaAsync(
        BenchOptions options, string data, byte[] body, ReceiverProcess receiver, CancellationToken cancellationToken)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(data);
        using Progress progress = server.OpenProgress();
        string[] types = [.. Enumerable.Range(0, options.Hooks).Select(number => $"bench.one.{number}")];
        for (int i = 0; i < options.Hooks; i++)
        {
            await server.AddHookAsync(types[i], new Uri(receiver.Address, $"one/{i}"));
        }

        // As many events to warm up as each peer gets.
        var run = new PublishRun(server.Publisher, progress, options, body);
        await run.RunAsync(types, 1, options.Requests, cancellationToken);
        run.Verify();
        TimeSpan elapsed = await run.RunAsync(types, 1, options.Requests, cancellationToken);
        run.Verify();
        return options.Requests / elapsed.TotalSeconds;
    }
}
