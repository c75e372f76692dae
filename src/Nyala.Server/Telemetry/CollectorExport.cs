using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Nyala.Server.Telemetry;

/// <summary>Sends metrics and traces to the collector while the server runs. Used only if a collector is configured.</summary>
internal sealed class CollectorExport(Metering metering, TelemetryOptions options) : IHostedService, IDisposable
{
    private TracerProvider? _tracing;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = metering.Provider;
        _tracing = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Identity.Describe)
            .AddSource("Nyala.*")

            // Health checks and scrapes are frequent and tell nothing new.
            .AddAspNetCoreInstrumentation(requests => requests.Filter = http =>
                !http.Request.Path.StartsWithSegments("/healthz") && !http.Request.Path.StartsWithSegments(MetricsPage.Path))
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TracesPercent / 100.0)))
            .AddOtlpExporter(exporter => Collector.Address(exporter, options, "traces"))
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sends the remaining spans.</summary>
    public void Dispose() => _tracing?.Dispose();
}
