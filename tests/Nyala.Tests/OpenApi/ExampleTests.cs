using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.OpenApi;
using Nyala.Tests.Support;

namespace Nyala.Tests.OpenApi;

/// <summary>The examples in the OpenAPI document.</summary>
public sealed class ExampleTests(SharedServer shared)
{
    private static readonly string[] Requests =
        ["HookRequest", "HookChange", "SecretRotation", "RedeliveryRequest", "DeploymentReport", "LogLine", "SiteRequest", "SiteChange", "TokenRequest", "PublishRequestLine", "Dictionary"];

    public static TheoryData<string> Answers() => [.. Examples.All.Select(example => example.Key).Except(Requests)];

    [Theory, MemberData(nameof(Answers))]
    public void The_example_of_a_response_is_what_the_API_writes(string name) =>
        Assert.Null(Difference(Examples.All[name]!, typeof(Hook).Assembly.GetType($"Nyala.Client.{name}", throwOnError: true)!));

    [Fact]
    public async Task Every_request_example_is_accepted()
    {
        await using TestServer server = await TestServer.StartAsync();
        await SendAsync("POST", "/api/sites", "SiteRequest", 201);
        await SendAsync("PATCH", "/api/sites/shop", "SiteChange", 200);
        await SendAsync("POST", "/sites/shop/api/settings", "Dictionary", 204);
        string hook = "/api/hooks/" + (await SendAsync("POST", "/api/hooks", "HookRequest", 201))["id"];
        await SendAsync("PATCH", hook, "HookChange", 200);
        await SendAsync("POST", hook + "/rotate-secret", "SecretRotation", 200);
        await SendAsync("POST", hook + "/redeliver", "RedeliveryRequest", 202);
        string deployment = "/sites/shop/api/deployments/" + Some.DeploymentId();
        await SendAsync("PUT", deployment + "?isAsync=true", "DeploymentReport", 200);
        await SendAsync("POST", deployment + "/log", "LogLine", 204, isList: true);
        await SendAsync("POST", "/api/hooks/publish", "PublishRequestLine", 200);
        await SendAsync("POST", "/api/tokens", "TokenRequest", 201);

        async Task<Reply> SendAsync(string method, string path, string example, int code, bool isList = false)
        {
            string body = Examples.All[example]!.ToJsonString();
            Reply reply = await server.SendAsync(new HttpMethod(method), path, isList ? $"[{body}]" : body);
            Assert.Equal((example, code), (example, reply.Code));
            return reply;
        }
    }

    [Fact]
    public async Task Every_JSON_body_in_the_document_has_an_example_with_four_exceptions()
    {
        JsonElement document = (await shared.Server.GetAsync("/openapi/v1.json")).Json;

        string[] bare =
        [
            .. document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().SelectMany(operation =>
                Bodies(operation.Value).Where(body => !body.Content.TryGetProperty("example", out _)).Select(body => $"{operation.Name} {path.Name} {body.Name}")))
        ];
        Assert.Equal(
            ["get /api/settings/{key} 200", "get /healthz/live 200", "get /healthz/ready 200", "post /api/hooks/publish/{type} request"], bare.Order());
    }

    private static IEnumerable<(string Name, JsonElement Content)> Bodies(JsonElement operation)
    {
        if (operation.TryGetProperty("requestBody", out JsonElement request) && request.GetProperty("content").TryGetProperty("application/json", out JsonElement sent))
        {
            yield return ("request", sent);
        }

        foreach (JsonProperty response in operation.GetProperty("responses").EnumerateObject().Where(response => response.Name[0] == '2'))
        {
            if (response.Value.TryGetProperty("content", out JsonElement content) && content.TryGetProperty("application/json", out JsonElement answered))
            {
                yield return (response.Name, answered);
            }
        }
    }

    /// <summary>Returns the example and what the API writes after reading it, or null if they are equal.</summary>
    private static string? Difference(JsonNode example, Type type)
    {
        object? read = example.Deserialize(NyalaJson.Wire.GetTypeInfo(type)!);
        JsonNode? written = JsonSerializer.SerializeToNode(read, NyalaJson.Wire.GetTypeInfo(type)!);
        return JsonNode.DeepEquals(example, written) ? null : $"{example.ToJsonString()}\n{written?.ToJsonString()}";
    }
}
