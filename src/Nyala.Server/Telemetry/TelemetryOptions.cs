namespace Nyala.Server.Telemetry;

/// <summary>Options of the section <c>Telemetry</c>.</summary>
internal sealed class TelemetryOptions
{
    public const string Grpc = "grpc";
    public const string Http = "http/protobuf";

    /// <summary>
    /// Whether <c>/metrics</c> is served in the text format of Prometheus, to tokens with the scope <c>read</c> for every site. Nothing is measured before the
    /// first scrape or export. Default true.
    /// </summary>
    public bool Metrics { get; set; } = true;

    /// <summary>
    /// The OpenTelemetry collector that receives metrics and traces, such as <c>http://collector:4317</c>. Default empty, which means that nothing is sent. The
    /// environment variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> does not set it. Other <c>OTEL_</c> variables, such as <c>OTEL_EXPORTER_OTLP_HEADERS</c>, apply
    /// if this option is set.
    /// </summary>
    public string Otlp { get; set; } = "";

    /// <summary>The protocol of the collector: <c>grpc</c>, usually on port 4317, or <c>http/protobuf</c>, usually on port 4318. Default <c>grpc</c>.</summary>
    public string OtlpProtocol { get; set; } = Grpc;

    /// <summary>
    /// The percentage of traces started by this server that are sent. A trace that started elsewhere is sent if it was sampled there. Default 100; 0 to 100.
    /// </summary>
    public int TracesPercent { get; set; } = 100;

    /// <summary>Whether metrics and traces are sent to a collector.</summary>
    public bool IsSent => Otlp.Length > 0;

    public IEnumerable<string> Validate()
    {
        if (IsSent && (!Uri.TryCreate(Otlp, UriKind.Absolute, out Uri? collector) || (collector.Scheme != Uri.UriSchemeHttp && collector.Scheme != Uri.UriSchemeHttps)))
        {
            yield return $"Telemetry:Otlp is '{Otlp}': it must be an http or https URL, such as http://collector:4317.";
        }

        if (OtlpProtocol is not (Grpc or Http))
        {
            yield return $"Telemetry:OtlpProtocol is '{OtlpProtocol}': it must be {Grpc} or {Http}.";
        }

        if (TracesPercent is < 0 or > 100)
        {
            yield return $"Telemetry:TracesPercent is {TracesPercent}: it must be from 0 to 100.";
        }
    }
}
