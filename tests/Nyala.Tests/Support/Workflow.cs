using System.Text.Json.Nodes;

namespace Nyala.Tests.Support;

/// <summary>The workflow in <c>integrations/logic-apps/workflow.json</c>, with the requests of its trigger as Logic Apps sends them.</summary>
internal static class Workflow
{
    public static JsonNode Definition { get; } = JsonNode.Parse(File.ReadAllText(Repository.File("integrations/logic-apps/workflow.json")))!["definition"]!;

    /// <summary>The schema of the payload that the workflow reads.</summary>
    public static JsonObject PayloadSchema { get; } = Definition["actions"]!["Deployment"]!["inputs"]!["schema"]!.AsObject();

    /// <summary>Sends a request of the trigger: <c>subscribe</c> or <c>unsubscribe</c>.</summary>
    /// <param name="server">The server.</param>
    /// <param name="name">The name of the request.</param>
    /// <param name="callback">The value of <c>listCallbackUrl()</c>.</param>
    /// <param name="body">The body to send; null for the body of the definition.</param>
    public static Task<Reply> SendAsync(TestServer server, string name, string callback, JsonNode? body = null)
    {
        JsonNode request = Definition["triggers"]!["When_a_deployment_finishes"]!["inputs"]![name]!;
        string path = request["uri"]!.GetValue<string>().Replace("@{parameters('nyalaServer')}", "", StringComparison.Ordinal);
        string text = (body ?? request["body"]!).ToJsonString()
            .Replace("@{listCallbackUrl()}", callback, StringComparison.Ordinal)
            .Replace("@{workflow().endpoint}", "https://prod-01.example.com:443/workflows/1", StringComparison.Ordinal)
            .Replace("@{workflow().name}", "nyala", StringComparison.Ordinal);
        return server.SendAsync(
            new HttpMethod(request["method"]!.GetValue<string>()),
            path,
            text,
            ("User-Agent", "azure-logic-apps/1.0 (workflow 1; version 2)"),
            ("x-ms-client-tracking-id", "1"));
    }
}
