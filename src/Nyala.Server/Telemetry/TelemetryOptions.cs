namespace Nyala.Server.Telemetry;

/// <summary>Options of the section <c>Telemetry</c>.</summary>
internal sealed class TelemetryOptions
{
    public const string Grpc = "grpc";
    public const string Http = "http/protobuf";

    /// <summary>
    /// Whether <c>/metrics</c> is served in Prometheus' text format, to tokens of the scope <c>read</c> that are good for every site. Nothing is measured before it is
    /// asked for. Default true.
    /// </summary>
    public bool Metrics { get; set; } = true;

    /// <summary>
    /// The OpenTelemetry collector that gets metrics and traces, such as <c>http://collector:4317</c>. Default: empty, nothing is sent. The variable
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> does not set it; other <c>OTEL_</c> variables, such as <c>OTEL_EXPORTER_OTLP_HEADERS</c>, are heeded if this is set.
    /// </summary>
    public string Otlp { get; set; } = "";

    /// <summary>How to speak to it: <c>grpc</c>, usual on port 4317, or <c>http/protobuf</c>, usual on port 4318. Default <c>grpc</c>.</summary>
    public string OtlpProtocol { get; set; } = Grpc;

    /// <summary>How many of a hundred traces that begin here are sent; one that began elsewhere is sent if it was sampled there. Default 100; 0 to 100.</summary>
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
