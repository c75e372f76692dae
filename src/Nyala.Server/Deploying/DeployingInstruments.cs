using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Nyala.Server.Deploying;

/// <summary>
/// The metrics of the deployments that this server performs. No label holds a site's name, because users choose those and their number is unlimited.
/// </summary>
internal sealed class DeployingInstruments
{
    private static readonly InstrumentAdvice<double> Times = new()
    {
        HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600],
    };

    private readonly Histogram<double> _duration;

    public DeployingInstruments(Meter meter, SiteGate gate)
    {
        _duration = meter.CreateHistogram(
            "nyala.deploying.duration", "s", "From the beginning of a deployment until its site ran the release or it had failed, by where its files came from.", null, Times);
        meter.CreateObservableUpDownCounter("nyala.deploying.in_progress", () => (long)gate.Count, "{site}", "Sites where a deployment is received or performed.");
    }

    /// <param name="kind">The kind of the source, see <see cref="ISource.Kind"/>.</param>
    /// <param name="took">The time from the beginning of the deployment until the site ran the release or the deployment had failed.</param>
    /// <param name="succeeded">Whether the site runs the release.</param>
    public void Ended(string kind, TimeSpan took, bool succeeded)
    {
        if (_duration.Enabled)
        {
            _duration.Record(took.TotalSeconds, new TagList { { "source", kind }, { "end", succeeded ? "success" : "failed" } });
        }
    }
}
