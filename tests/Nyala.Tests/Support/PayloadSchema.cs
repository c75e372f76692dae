using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nyala.Tests.Support;

/// <summary>Compares the schema of a payload with what hooks receive.</summary>
internal static class PayloadSchema
{
    /// <summary>Reports a success and then a failure with a log. The payload of the failure has every field, if the hook asks for lines of the log and the server has a public URL.</summary>
    public static async Task ReportAsync(TestServer server)
    {
        string deployments = $"/sites/{Some.Site()}/api/deployments/";
        JsonObject failed = Some.Report(3);
        failed["details"] = "1 of 214 tests failed";
        await server.PutAsync(deployments + Some.DeploymentId(), Some.Report());
        await server.PutAsync(deployments + Some.DeploymentId(), failed);
    }

    /// <summary>Asserts that a schema describes exactly the fields of a payload, with their types.</summary>
    public static void Describes(JsonObject schema, JsonElement payload)
    {
        Assert.Equal(
            schema["properties"]!.AsObject().Select(field => (field.Key, field.Value!["type"]!.GetValue<string>())).Order(),
            payload.EnumerateObject().Select(field => (field.Name, TypeOf(field.Value))).Order());
        Assert.All(schema["required"]!.AsArray(), name => Assert.True(payload.TryGetProperty(name!.GetValue<string>(), out _)));
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => "integer",
        JsonValueKind kind => kind.ToString().ToLowerInvariant(),
    };
}
