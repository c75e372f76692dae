using Nyala.Server.Access;

namespace Nyala.Server.Telemetry;

/// <summary>Serves <c>/metrics</c> in the format of Prometheus.</summary>
internal sealed class MetricsPage(Metering metering, IServiceProvider services)
{
    public const string Path = "/metrics";

    private readonly Lazy<RequestDelegate> _scrape = new(() => Build(metering, services));

    /// <summary>Maps the page for tokens that may read the whole server, because its numbers cover all sites.</summary>
    public static void Map(IEndpointRouteBuilder app) => app
        .MapGet(Path, http => http.RequestServices.GetRequiredService<MetricsPage>()._scrape.Value(http))
        .NeedsScope(Scopes.Read)
        .ExcludeFromDescription();

    private static RequestDelegate Build(Metering metering, IServiceProvider services) => new ApplicationBuilder(services)
        .UseOpenTelemetryPrometheusScrapingEndpoint(
            metering.Provider, predicate: _ => true, path: null, configureBranchedPipeline: null, optionsName: null)
        .Build();
}
