using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Nyala.Tests.Support;

namespace Nyala.Tests.OpenApi;

/// <summary>The document for custom connectors of Logic Apps and Power Platform.</summary>
public sealed class ConnectorTests(SharedServer shared)
{
    /// <summary>
    /// Before you approve another snapshot, validate it with <c>schemas/apiDefinition.swagger.schema.json</c> of microsoft/PowerPlatformConnectors.
    /// </summary>
    [Fact]
    public async Task The_connector_document_is_the_approved_one()
    {
        Reply reply = await shared.Server.GetAsync("/openapi/connector.json");

        Assert.Equal("application/json", reply.ContentType);
        Approved.Json(reply.Text);
    }

    [Fact]
    public async Task The_connector_document_is_valid_OpenAPI_2()
    {
        ReadResult read = OpenApiDocument.Parse((await shared.Server.GetAsync("/openapi/connector.json")).Text);

        Assert.Equal(OpenApiSpecVersion.OpenApi2_0, read.Diagnostic!.SpecificationVersion);
        Assert.Empty(read.Diagnostic.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
    }

    [Theory]
    [InlineData("/openapi/connector.json", "nyala.example.com", "/tools/api", "https://nyala.example.com/tools")]
    [InlineData("/sites/shop/openapi/connector.json", "nyala.example.com:8443", "/sites/shop/api", "https://nyala.example.com:8443/")]
    public async Task The_connector_names_the_public_address_of_the_API(string path, string host, string basePath, string publicUrl)
    {
        await using TestServer server = await TestServer.StartAsync(options => options.PublicUrl = publicUrl);

        JsonElement document = (await server.GetAsync(path)).Json;

        Assert.Equal((host, basePath, """["https"]"""), (document.GetProperty("host").GetString(), document.GetProperty("basePath").GetString(), document.GetProperty("schemes").GetRawText()));
    }

    [Fact]
    public async Task A_connector_for_an_invalid_site_is_refused()
    {
        Reply reply = await shared.Server.GetAsync("/sites/-/openapi/connector.json");

        Assert.Equal(400, reply.Code);
    }

    [Fact]
    public async Task Every_operation_and_field_of_the_connector_exists_in_the_API()
    {
        JsonNode connector = JsonNode.Parse((await shared.Server.GetAsync("/openapi/connector.json")).Text)!;
        JsonNode api = JsonNode.Parse((await shared.Server.GetAsync("/openapi/v1.json")).Text)!;
        int compared = 0;

        foreach ((string path, JsonNode? item) in connector["paths"]!.AsObject())
        {
            foreach ((string method, JsonNode? operation) in item!.AsObject().Where(member => member.Key != "x-ms-notification-content"))
            {
                JsonNode known = api["paths"]!["/api" + path]![method]!;
                Assert.Subset(Parameters(known), Parameters(operation!));
                Compare(Body(operation!), known["requestBody"]?["content"]?["application/json"]?["schema"]);
                foreach ((string status, JsonNode? response) in operation!["responses"]!.AsObject())
                {
                    Compare(response!["schema"], known["responses"]![status]!["content"]?["application/json"]?["schema"]);
                }
            }
        }

        Assert.InRange(compared, 80, int.MaxValue);

        void Compare(JsonNode? shown, JsonNode? known)
        {
            foreach ((string name, JsonNode? field) in Fields(shown, connector))
            {
                compared++;
                Compare(field, Fields(known, api).Single(one => one.Key == name).Value);
            }
        }
    }

    [Fact]
    public async Task The_trigger_of_the_connector_subscribes_receives_what_its_schema_describes_and_unsubscribes_by_Location()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.PublicUrl = "https://nyala.example.com");
        await using Receiver receiver = await Receiver.StartAsync();
        JsonNode connector = JsonNode.Parse((await server.GetAsync("/openapi/connector.json")).Text)!;
        JsonObject fields = Body(connector["paths"]!["/hooks"]!["post"]!)!["properties"]!.AsObject();
        var body = new JsonObject(fields.Where(field => field.Value!["default"] is not null).Select(field => KeyValuePair.Create(field.Key, field.Value!["default"]?.DeepClone())))
        {
            [fields.Single(field => field.Value!["x-ms-notification-url"] is not null).Key] = receiver.Url.ToString(),
            ["filter"] = new JsonObject { ["status"] = "failed", ["site"] = "*" },
            ["log_lines"] = 5,
        };

        Reply subscribed = await server.PostAsync("/api/hooks", body);
        await PayloadSchema.ReportAsync(server);
        Received failed = await receiver.NextAsync();
        var location = new Uri(subscribed.Headers["Location"]);
        Reply removed = await server.DeleteAsync(location.AbsolutePath);

        Assert.Equal((201, connector["host"]!.GetValue<string>()), (subscribed.Code, location.Authority));
        PayloadSchema.Describes(connector["definitions"]!["DeploymentEvent"]!.AsObject(), failed.Json);
        Assert.Equal("1", removed.Headers["Nyala-Removed"]);
    }

    private static JsonNode? Body(JsonNode operation) => operation["parameters"]!.AsArray().SingleOrDefault(one => one!["in"]!.GetValue<string>() == "body")?["schema"];

    private static HashSet<string> Parameters(JsonNode operation) =>
        [.. operation["parameters"]?.AsArray().Where(one => one!["in"]!.GetValue<string>() is "path" or "query").Select(one => one!["name"]!.GetValue<string>()) ?? []];

    /// <summary>Returns the properties of a schema, of the items of a list, or of the variants of which it must be one.</summary>
    private static IEnumerable<KeyValuePair<string, JsonNode?>> Fields(JsonNode? schema, JsonNode document) =>
        schema is null ? []
        : schema["$ref"]?.GetValue<string>() is { } reference ? Fields(reference.Split('/').Skip(1).Aggregate(document, (node, name) => node[name]!), document)
        : schema["items"] is { } items ? Fields(items, document)
        : schema["oneOf"] is JsonArray variants ? variants.SelectMany(variant => Fields(variant, document)).DistinctBy(field => field.Key)
        : schema["properties"]?.AsObject() ?? [];
}
