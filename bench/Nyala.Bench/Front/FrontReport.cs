namespace Nyala.Bench.Front;

/// <summary>Prints the figures of publishing over HTTP.</summary>
internal static class FrontReport
{
    public static void Write(TextWriter output, BenchOptions options, FrontFigures figures)
    {
        output.WriteLine();
        output.WriteLine($"front    {options.Rounds} rounds of {options.Seconds} s, {options.Publishers} connections, backlog {options.Backlog}, {options.Server ?? "server hosted by the benchmark"}");
        output.WriteLine();
        output.WriteLine(Report.Row("publish over HTTP, warm", "events/s", "ratio", "lowest", "highest", "target"));
        output.WriteLine(Report.Row(figures.Bare.Name, Rate(figures.Bare)));
        WriteRatio(output, figures.NoHook, figures.NoHook.Over(figures.Bare), "≥ 0.65");
        WriteRatio(output, figures.OneHook, figures.OneHook.Over(figures.Bare), "≥ 0.35");
        WriteRatio(output, figures.Relay, figures.Relay.Over(figures.Bare));
        WriteRatio(output, figures.BullMqOverHttp, figures.BullMqOverHttp.Over(figures.Bare));

        output.WriteLine();
        output.WriteLine(Report.Row($"the first {options.Seconds} s", "events/s", "of warm", "lowest", "highest", "over bare", "target"));
        WriteCold(output, figures.BareCold, figures.Bare, figures.BareCold, "");
        WriteCold(output, figures.NoHookCold, figures.NoHook, figures.BareCold, "≥ 0.80");
        WriteCold(output, figures.OneHookCold, figures.OneHook, figures.BareCold, "≥ 0.80");

        output.WriteLine();
        output.WriteLine(Report.Row("µs of processor per event", "all", "server", "load", "receiver", "polling"));
        foreach (RateSeries series in (RateSeries[])[figures.Bare, figures.NoHook, figures.OneHook, figures.Relay, figures.BullMqOverHttp])
        {
            WriteCost(output, series, "");
        }

        WriteCost(output, figures.BareCold, ", cold");
        WriteCost(output, figures.NoHookCold, ", cold");
        WriteCost(output, figures.OneHookCold, ", cold");

        output.WriteLine();
        output.WriteLine(Report.Row("one hook, warm, over peers", "events/s", "Nyala ×", "lowest", "highest", "target"));
        foreach (RateSeries peer in figures.Peers.Append(figures.BullMqOverHttp))
        {
            WriteRatio(output, peer, figures.OneHook.Over(peer));
        }

        RateSeries best = figures.BestPeer();
        WriteRatio(output, best, figures.OneHook.Over(best), figures.Missing.Count == 0 ? "≥ 2.00" : "incomplete");
        foreach (string missing in figures.Missing)
        {
            output.WriteLine(missing);
        }
    }

    private static void WriteRatio(TextWriter output, RateSeries series, (double Median, double Lowest, double Highest) ratio, string target = "")
    {
        if (series.Samples.Count > 0)
        {
            output.WriteLine(Report.Row(
                series.Name, Rate(series), Report.Number(ratio.Median, "N2"), Report.Number(ratio.Lowest, "N2"), Report.Number(ratio.Highest, "N2"), target));
        }
    }

    private static void WriteCold(TextWriter output, RateSeries series, RateSeries warm, RateSeries bare, string target)
    {
        (double median, double lowest, double highest) = series.Over(warm);
        output.WriteLine(Report.Row(
            series.Name, Rate(series), Report.Number(median, "N2"), Report.Number(lowest, "N2"), Report.Number(highest, "N2"),
            series == bare ? "" : Report.Number(series.Over(bare).Median, "N2"), target));
    }

    private static void WriteCost(TextWriter output, RateSeries series, string suffix)
    {
        if (series.Samples.Count > 0)
        {
            output.WriteLine(Report.Row(
                series.Name + suffix,
                Report.Number(series.Median(sample => sample.Microseconds + sample.ReceiverMicroseconds), "N1"),
                Report.Number(series.Median(sample => sample.MicrosecondsOf(FrontLoad.Server)), "N1"),
                Report.Number(series.Median(sample => sample.MicrosecondsOf(FrontLoad.Generator)), "N1"),
                Report.Number(series.Median(sample => sample.ReceiverMicroseconds), "N1"),
                Report.Number(series.Median(sample => sample.MicrosecondsOf(FrontLoad.Polling)), "N1")));
        }
    }

    private static string Rate(RateSeries series) => Report.Number(series.Median(sample => sample.Rate), "N0");
}
