using OpenTelemetry.Exporter;

namespace Nyala.Server.Telemetry;

/// <summary>Where a collector takes what.</summary>
internal static class Collector
{
    /// <summary>Points an exporter at the collector of the options.</summary>
    /// <param name="exporter">The exporter's options.</param>
    /// <param name="options">The server's.</param>
    /// <param name="signal"><c>metrics</c> or <c>traces</c>.</param>
    public static void Address(OtlpExporterOptions exporter, TelemetryOptions options, string signal)
    {
        bool http = options.OtlpProtocol == TelemetryOptions.Http;
        exporter.Protocol = http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;

        // An endpoint that is set is taken as it is, so each signal's path is ours to add.
        exporter.Endpoint = new Uri(http ? $"{options.Otlp.TrimEnd('/')}/v1/{signal}" : options.Otlp);
    }
}
