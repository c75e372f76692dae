using System.Text.Json.Nodes;
using Nyala.Server.Access;
using Nyala.Server.Http;

namespace Nyala.Server.OpenApi;

/// <summary>
/// <c>GET /openapi/connector.json</c>: the part of the API that custom connectors of Logic Apps and Power Platform use, in OpenAPI 2.0, the only version that they
/// read. The document is <c>connector.json</c>; tests prove that it describes the API.
/// </summary>
internal static class ConnectorEndpoint
{
    private static readonly JsonObject Document = Read();

    public static void MapConnector(this IEndpointRouteBuilder app)
    {
        foreach (string prefix in (string[])["", $"/sites/{{{RequestSite.RouteValue}}}"])
        {
            app.MapGet($"{prefix}/openapi/connector.json", Show).NeedsAnyToken().ExcludeFromDescription();
        }
    }

    private static IResult Show(HttpContext http, NyalaOptions options)
    {
        if (!RequestSite.TryRead(http, options.PublicUrl, out RequestSite? site, out string refusal))
        {
            return Refusal.BadRequest("Invalid site name", refusal);
        }

        var url = new Uri(site.BaseUrl);
        JsonObject document = Document.DeepClone().AsObject();
        document["host"] = url.Authority;
        document["basePath"] = url.AbsolutePath;
        document["schemes"] = new JsonArray(url.Scheme);
        return TypedResults.Text(document.ToJsonString(), "application/json");
    }

    private static JsonObject Read()
    {
        using Stream stream = typeof(ConnectorEndpoint).Assembly.GetManifestResourceStream("Nyala.Server.OpenApi.connector.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
