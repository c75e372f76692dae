using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Nyala.Server.Telemetry;

/// <summary>
/// Listens to the server's instruments from the first scrape or the first export. Until then, an instrument costs only the check of a flag, and OpenTelemetry
/// is not even loaded.
/// </summary>
internal sealed class Metering(TelemetryOptions options, Meter meter) : IDisposable
{
    /// <summary>The name of the meter that holds every instrument of this server.</summary>
    public const string MeterName = "Nyala";

    private readonly Lazy<MeterProvider> _provider = new(() => Build(options, meter));

    public MeterProvider Provider => _provider.Value;

    public void Dispose()
    {
        if (_provider.IsValueCreated)
        {
            _provider.Value.Dispose();
        }
    }

    private static MeterProvider Build(TelemetryOptions options, Meter meter)
    {
        MeterProviderBuilder builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Identity.Describe)

            // The framework's own metrics. Its HTTP client is left out, because a label would contain the host of each receiver.
            .AddMeter(MeterName, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")

            // Another server in this process has a meter with the same name but other numbers. If it stopped, it would remove these metrics too.
            .AddView(instrument => instrument.Meter.Name == MeterName && instrument.Meter != meter ? MetricStreamConfiguration.Drop : null);
        if (options.Metrics)
        {
            builder.AddPrometheusExporter();
        }

        if (options.IsSent)
        {
            builder.AddOtlpExporter(exporter => Collector.Address(exporter, options, "metrics"));
        }

        return builder.Build();
    }
}
