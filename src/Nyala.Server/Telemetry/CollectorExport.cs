using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Nyala.Server.Telemetry;

/// <summary>Sends metrics and traces to the collector from the start to the stop of the server. Runs only if there is one.</summary>
internal sealed class CollectorExport(Metering metering, TelemetryOptions options) : IHostedService, IDisposable
{
    private TracerProvider? _tracing;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = metering.Provider;
        _tracing = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Identity.Describe)
            .AddSource("Nyala.*")

            // What asks all the time says nothing new.
            .AddAspNetCoreInstrumentation(requests => requests.Filter = http =>
                !http.Request.Path.StartsWithSegments("/healthz") && !http.Request.Path.StartsWithSegments(MetricsPage.Path))
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TracesPercent / 100.0)))
            .AddOtlpExporter(exporter => Collector.Address(exporter, options, "traces"))
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sends what is left.</summary>
    public void Dispose() => _tracing?.Dispose();
}
