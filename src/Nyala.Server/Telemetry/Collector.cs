using OpenTelemetry.Exporter;

namespace Nyala.Server.Telemetry;

/// <summary>Configures exporters for the collector.</summary>
internal static class Collector
{
    /// <summary>Points an exporter at the collector of the options.</summary>
    /// <param name="exporter">The exporter's options.</param>
    /// <param name="options">The telemetry options of the server.</param>
    /// <param name="signal"><c>metrics</c> or <c>traces</c>.</param>
    public static void Address(OtlpExporterOptions exporter, TelemetryOptions options, string signal)
    {
        bool http = options.OtlpProtocol == TelemetryOptions.Http;
        exporter.Protocol = http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;

        // An explicit endpoint is used unchanged, so the path of the signal is added here.
        exporter.Endpoint = new Uri(http ? $"{options.Otlp.TrimEnd('/')}/v1/{signal}" : options.Otlp);
    }
}
