namespace Nyala.Bench;

/// <summary>The rounds of one measurement.</summary>
internal sealed class RateSeries(string name)
{
    private readonly List<RateSample> _samples = [];

    public string Name => name;

    public IReadOnlyList<RateSample> Samples => _samples;

    public void Add(RateSample sample) => _samples.Add(sample);

    public double Median(Func<RateSample, double> figure) => Statistics.Median(_samples.Select(figure));

    /// <summary>Returns the median, lowest and highest ratio to another series, round by round.</summary>
    public (double Median, double Lowest, double Highest) Over(RateSeries other)
    {
        double[] ratios = [.. _samples.Zip(other.Samples, (mine, its) => mine.Rate / its.Rate)];
        return ratios.Length == 0 ? (double.NaN, double.NaN, double.NaN) : (Statistics.Median(ratios), ratios.Min(), ratios.Max());
    }
}

/// <summary>The figures of one round.</summary>
/// <param name="Requests">The number of requests.</param>
/// <param name="Elapsed">The elapsed time.</param>
/// <param name="Used">The resources that the measured processes used, without the receiver; empty if they are unknown.</param>
/// <param name="Receiver">The processor time of the receiver.</param>
internal sealed record RateSample(int Requests, TimeSpan Elapsed, Usage Used, TimeSpan Receiver)
{
    public double Rate => Requests / Elapsed.TotalSeconds;

    public double MicrosecondsOf(string kind) => Used.Seconds.GetValueOrDefault(kind) * 1e6 / Requests;

    public double Microseconds => Used.Total * 1e6 / Requests;

    public double ReceiverMicroseconds => Receiver.TotalMicroseconds / Requests;

    public double KibibytesAllocated => Used.Allocated / 1024.0 / Requests;
}
