using System.Globalization;

namespace Nyala.Bench;

/// <summary>The figures and their tables.</summary>
internal sealed record Report(RateSeries Bare, RateSeries One, RateSeries Many, RateSeries Sender, RateSeries Store, LatencyFigures? Latency, IsolationFigures? Isolation)
{
    private const double TargetOne = 0.50;
    private const double TargetMany = 0.65;
    private const double TargetMedian = 3;
    private const double Target99 = 15;

    public void Write(TextWriter output, BenchOptions options)
    {
        output.WriteLine($"run      {options.Rounds} rounds of {options.Requests} requests, {options.Hooks} hooks, {options.Publishers} publishers, backlog {options.Backlog}");
        if (Measurements.Usual.Any(options.Wants))
        {
            WriteRates(output, options);
        }

        if (Isolation is { } isolation)
        {
            output.WriteLine();
            output.WriteLine(Row("healthy hooks", "alone", "1 in 5 paused", "1 in 5 hang", "over alone", "over paused", "target"));
            output.WriteLine(Row(
                "deliveries/s", Number(isolation.Alone.Rate, "N0"), Number(isolation.Paused.Rate, "N0"), Number(isolation.Beside.Rate, "N0"),
                Number(isolation.Beside.Rate / isolation.Alone.Rate, "N2"), Number(isolation.Beside.Rate / isolation.Paused.Rate, "N2"), "≥ 0.90"));
            output.WriteLine(Row(
                "p99, ms", Number(isolation.Alone.Slow.TotalMilliseconds, "N1"), Number(isolation.Paused.Slow.TotalMilliseconds, "N1"),
                Number(isolation.Beside.Slow.TotalMilliseconds, "N1"), Number(isolation.Beside.Slow / isolation.Alone.Slow, "N2"),
                Number(isolation.Beside.Slow / isolation.Paused.Slow, "N2"), "≤ 2.00"));
        }
    }

    private void WriteRates(TextWriter output, BenchOptions options)
    {
        output.WriteLine();
        output.WriteLine(Row("rate", "median/s", "ratio", "lowest", "highest", "target"));
        WriteRate(output, "bare POST loop", Bare);
        WriteRate(output, "Nyala, durable, fan-out 1", One);
        WriteRate(output, $"Nyala, durable, fan-out {options.Hooks}", Many);
        WriteRate(output, "signing and sending alone", Sender);
        WriteRate(output, "storing alone, fan-out 1", Store);
        output.WriteLine();
        output.WriteLine(Row(["µs of processor per request", "all", .. Usage.Kinds.All, "receiver", "KiB new"]));
        WriteCost(output, "bare POST loop", Bare);
        WriteCost(output, "Nyala, durable, fan-out 1", One);
        WriteCost(output, $"Nyala, durable, fan-out {options.Hooks}", Many);
        WriteCost(output, "signing and sending alone", Sender);
        WriteCost(output, "storing alone, fan-out 1", Store);
        if (Latency is { } latency)
        {
            output.WriteLine();
            output.WriteLine(Row("idle server, ms", "p50", "target", "p99", "target"));
            output.WriteLine(Row("event published → durable", Number(latency.AcceptedMedian, "N2"), "", Number(latency.Accepted99, "N2"), ""));
            output.WriteLine(Row(
                "event published → at receiver", Number(latency.SentMedian, "N2"), Number(TargetMedian, "≤ 0"), Number(latency.Sent99, "N2"), Number(Target99, "≤ 0")));
        }
    }

    private void WriteRate(TextWriter output, string name, RateSeries series)
    {
        if (series.Samples.Count == 0)
        {
            return;
        }

        string rate = Number(series.Median(sample => sample.Rate), "N0");
        if (series == Bare || Bare.Samples.Count == 0)
        {
            output.WriteLine(Row(name, rate));
            return;
        }

        (double median, double lowest, double highest) = series.Over(Bare);
        output.WriteLine(Row(name, rate, Number(median, "N2"), Number(lowest, "N2"), Number(highest, "N2"), series == One ? Number(TargetOne, "≥ 0.00") : series == Many ? Number(TargetMany, "≥ 0.00") : ""));
    }

    private static void WriteCost(TextWriter output, string name, RateSeries series)
    {
        if (series.Samples.Count == 0)
        {
            return;
        }

        output.WriteLine(Row(
            [
                name,
                Number(series.Median(sample => sample.Microseconds), "N1"),
                .. Usage.Kinds.All.Select(kind => Number(series.Median(sample => sample.MicrosecondsOf(kind)), "N1")),
                Number(series.Median(sample => sample.ReceiverMicroseconds), "N1"),
                Number(series.Median(sample => sample.KibibytesAllocated), "N1"),
            ]));
    }

    public static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    public static string Row(params string[] cells) => cells[0].PadRight(32) + string.Concat(cells.Skip(1).Select(cell => cell.PadLeft(12)));
}
